import { PrecopyError } from '../model/errors.ts';

/**
 * Memory that threads share. Only address space is taken now; a page becomes memory when it is first written.
 * @throws PrecopyError `BAD_PARAMETER`
 */
export function reserve(bytes: number): SharedArrayBuffer {
  try {
    return new SharedArrayBuffer(bytes);
  } catch {
    throw new PrecopyError(
      'BAD_PARAMETER',
      `the operating system does not give ${bytes} bytes of address space`,
      'give a smaller --max-memory, or allow more with `ulimit -v`',
    );
  }
}

/** Saves an array, or fills it with what was saved. */
export type Visit = (array: Int32Array | Uint16Array | Float64Array) => void;
