import type { AnyDesign } from '../model/design.ts';
import { PrecopyError } from '../model/errors.ts';
import type { ParamSpecs } from '../model/system-types.ts';

const pageBytes = 4096;
/** CLEAR_BITMAP_SHIFT_DEFAULT of QEMU: chunks of 2^18 pages, 1 GiB. */
const clearChunkPages = 2 ** 18;

/** Parameters of writers besides the vCPUs. Workloads do not describe them, so they must be 0. */
const writersWithoutWorkload = ['hostWriters', 'devices'];

/**
 * Returns the parameters of a design on a real machine: 64-bit words, a bounded TLB, PML logs of the processor's size,
 * dirty logging on from the start, no shadow MMU. Options that the design itself turns on stay on.
 * @param overrides parameters that take precedence
 * @throws PrecopyError `BAD_PARAMETER` if memory is not a multiple of 4 KiB, or `hostWriters` or `devices` is not 0
 */
export function realisticParams(
  design: AnyDesign,
  memoryBytes: number,
  overrides: Readonly<Record<string, number>>,
): Record<string, number> {
  if (!Number.isInteger(memoryBytes / pageBytes)) {
    throw new PrecopyError(
      'BAD_PARAMETER',
      `memory of ${memoryBytes} bytes is not a multiple of the page size, 4 KiB`,
      'give whole pages: --memory 4GiB',
    );
  }
  const params: ParamSpecs = design.system.spec.params;
  const pages = memoryBytes / pageBytes;
  // The kernel's words have 64 bits; the entries of a store buffer have 32.
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
  for (const name of writersWithoutWorkload) {
    if ((overrides[name] ?? design.params?.[name] ?? 0) === 0) continue;
    throw new PrecopyError(
      'BAD_PARAMETER',
      `a workload describes the writes of vCPUs only, not of ${name}`,
      `set --param ${name}=0`,
    );
  }
  const known = Object.entries(real).filter(([name]) => Object.hasOwn(params, name));
  return { ...Object.fromEntries(known), ...overrides };
}
