import { PrecopyError } from '../../model/errors.ts';
import { canShareMemory } from './shared-buffer.ts';

/** Shared memory that grows in place. The TypeScript library of ES2023 does not declare it. */
export interface GrowableSharedBuffer extends SharedArrayBuffer {
  readonly maxByteLength: number;
  grow(bytes: number): void;
}

/** Memory of one thread that grows in place. */
interface GrowableBuffer extends ArrayBuffer {
  resize(bytes: number): void;
}

/**
 * Reserves address space for memory that threads may share, and that grows to `maxByteLength` bytes. It occupies no
 * memory until it grows, and never moves, so all workers keep their views. A view of a fixed length is as fast as one
 * on any other buffer.
 * @throws PrecopyError `BAD_PARAMETER` if the operating system refuses the address space
 */
export function reserveBuffer(maxByteLength: number): GrowableSharedBuffer {
  const Memory = (canShareMemory ? SharedArrayBuffer : ArrayBuffer) as unknown as new (
    bytes: number,
    options: { maxByteLength: number },
  ) => GrowableSharedBuffer;
  try {
    return new Memory(0, { maxByteLength });
  } catch {
    throw new PrecopyError(
      'BAD_PARAMETER',
      `the operating system does not give ${maxByteLength} bytes of address space`,
      'give a smaller --max-memory, or allow more with `ulimit -v`',
    );
  }
}

/** Grows shared memory to at least `bytes` bytes. */
export function growTo(buffer: GrowableSharedBuffer, bytes: number): void {
  if (buffer.byteLength >= bytes) return;
  if (canShareMemory) buffer.grow(bytes);
  else (buffer as unknown as GrowableBuffer).resize(bytes);
}

/** Visits an array of a data structure: a checkpoint saves it, or overwrites it with the saved contents. */
export type ArrayVisitor = (array: Int32Array | Uint16Array | Float64Array) => void;
