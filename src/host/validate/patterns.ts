import type { Pattern as WorkloadPattern } from '../../simulate/workload.ts';
import { randomPages } from '../guest/random-pages.ts';
import type { GridCell } from '../results.ts';
import { createPattern, type WritePattern } from '../vm/vcpu.ts';

/** The hot set: the first tenth of the pages, with nine tenths of the writes. */
const hot = { share: 0.9, pages: 0.1 };
/** Length of the simulated workload, which is then repeated. By then a guest of the grid has written all its pages. */
const workloadWrites = 2 ** 21;

/** Returns the endless write pattern of a vCPU of the guest in a round. */
export function guestPattern({ memoryBytes, vcpus, pattern }: GridCell, nth: number, round: number): WritePattern {
  const pages = memoryBytes / 4096;
  const writes = Number.POSITIVE_INFINITY;
  if (pattern === 'sweep') {
    const share = Math.floor(pages / vcpus);
    return createPattern(share, { writes, firstPage: nth * share });
  }
  return createPattern(pages, {
    writes,
    stride: 0,
    position: BigInt(1 + nth + 64 * round) * 0x9e3779b97f4an,
    ...(pattern === 'hot' && { hotShare: Math.round(hot.share * 65_536), hotPages: Math.round(hot.pages * pages) }),
  });
}

/** Returns the workload of the simulation: the same pages as the vCPUs write. */
export function workloadPattern(cell: GridCell, round: number): WorkloadPattern {
  const { vcpus, pattern } = cell;
  if (pattern === 'sweep') return { kind: 'sweep' };
  const pages = new Int32Array(workloadWrites);
  const each = Math.ceil(workloadWrites / vcpus);
  for (let nth = 0; nth < vcpus; nth++) {
    const own = randomPages(guestPattern(cell, nth, round), each);
    for (let n = 0; nth + n * vcpus < pages.length; n++) pages[nth + n * vcpus] = own[n] as number;
  }
  return { kind: 'recorded', source: pattern, pages };
}
