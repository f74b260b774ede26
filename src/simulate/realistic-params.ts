import type { AnyDesign } from '../model/design.ts';
import { PrecopyError } from '../model/errors.ts';
import type { ParamSpecs } from '../model/system.ts';

const pageBytes = 4096;
/** CLEAR_BITMAP_SHIFT_DEFAULT of QEMU: chunks of 2^18 pages, 1 GiB */
const clearChunkPages = 2 ** 18;

/** Who writes beside the vCPUs, by the parameter that says how many there are. */
const withoutWorkload = ['hostWriters', 'devices'];

/**
 * The sizes of a design on a real machine: whole words, a TLB that runs full, logs as the processor has them, the log on from the start, no page tables of the guest's that
 * KVM shadows. What a
 * design switches on by itself stays on.
 * @throws PrecopyError `BAD_PARAMETER` for memory that is no whole number of pages, and for writers that are no vCPUs
 */
export function realisticParams(
  design: AnyDesign,
  memoryBytes: number,
  asked: Readonly<Record<string, number>>,
): Record<string, number> {
  if (!Number.isInteger(memoryBytes / pageBytes)) {
    throw new PrecopyError(
      'BAD_PARAMETER',
      `${memoryBytes} bytes of memory are no whole pages of 4 KiB`,
      'say --memory 4GiB',
    );
  }
  const params: ParamSpecs = design.system.spec.params;
  const pages = memoryBytes / pageBytes;
  // The kernel's words have 64; a store buffer holds values of 32.
  const bitsPerWord = design.memoryModel === 'tso' ? 32 : 64;
  const has = (name: string): boolean => (design.params?.[name] ?? 0) > 0;
  const real: Record<string, number> = {
    pages,
    bitsPerWord,
    emulatingVcpus: 0,
    tlbEvicts: 1,
    wordsPerClear: clearChunkPages / bitsPerWord,
    loggingOn: 1,
    shadowMmu: 0,
    ...(has('shadowPages') && { shadowPages: Math.ceil(pages / 512) }),
    ...(has('pagesPerTable') && { pagesPerTable: 512 }),
    ...(has('pmlEntries') && { pmlEntries: 512 }),
  };
  for (const name of withoutWorkload) {
    if ((asked[name] ?? design.params?.[name] ?? 0) === 0) continue;
    throw new PrecopyError('BAD_PARAMETER', `no workload says when ${name} write`, `say --param ${name}=0`);
  }
  const known = Object.entries(real).filter(([name]) => Object.hasOwn(params, name));
  return { ...Object.fromEntries(known), ...asked };
}
