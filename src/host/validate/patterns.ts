import type { Pattern as Workload } from '../../simulate/workload.ts';
import { randomPages } from '../guest/random-pages.ts';
import { type Pattern, sweep } from '../vm/vcpu.ts';
import type { Cell } from './grid.ts';

/** Nine tenths of the writes of `hot` go to a tenth of the pages: the first ones. */
const hot = { share: 0.9, pages: 0.1 };
/** After so many writes the workload of the clock begins again; a guest of a grid has written all of its pages by then. */
const writesOfWorkload = 2 ** 21;

/** What a vCPU of the guest does in a round, without an end. */
export function guestPattern({ memoryBytes, vcpus, pattern }: Cell, nth: number, round: number): Pattern {
  const pages = memoryBytes / 4096;
  const writes = Number.POSITIVE_INFINITY;
  if (pattern === 'sweep') {
    const share = Math.floor(pages / vcpus);
    return sweep(share, { writes, firstPage: nth * share });
  }
  return sweep(pages, {
    writes,
    stride: 0,
    position: BigInt(1 + nth + 64 * round) * 0x9e3779b97f4an,
    ...(pattern === 'hot' && { hotShare: Math.round(hot.share * 65_536), hotPages: Math.round(hot.pages * pages) }),
  });
}

/** The same for the clock: the very pages that the vCPUs write. */
export function workloadPattern(cell: Cell, round: number): Workload {
  const { vcpus, pattern } = cell;
  if (pattern === 'sweep') return { kind: 'sweep' };
  const pages = new Int32Array(writesOfWorkload);
  const each = Math.ceil(writesOfWorkload / vcpus);
  for (let nth = 0; nth < vcpus; nth++) {
    const own = randomPages(guestPattern(cell, nth, round), each);
    for (let n = 0; nth + n * vcpus < pages.length; n++) pages[nth + n * vcpus] = own[n] as number;
  }
  return { kind: 'recorded', source: pattern, pages };
}
