import { PrecopyError } from '../../model/errors.ts';

/** Shared memory that can grow in place; the TypeScript library of ES2023 does not know it yet. */
export interface GrowableSharedBuffer extends SharedArrayBuffer {
  grow(bytes: number): void;
}

/**
 * Shared memory that has room to grow to a number of bytes, and none as long as it does not. Views of a fixed length on it are as fast as on any other.
 * @throws PrecopyError `BAD_PARAMETER`
 */
export function reserveBuffer(maxByteLength: number): GrowableSharedBuffer {
  const Buffer = SharedArrayBuffer as unknown as new (
    bytes: number,
    options: { maxByteLength: number },
  ) => GrowableSharedBuffer;
  try {
    return new Buffer(0, { maxByteLength });
  } catch {
    throw new PrecopyError(
      'BAD_PARAMETER',
      `the operating system does not give ${maxByteLength} bytes of address space`,
      'give a smaller --max-memory, or allow more with `ulimit -v`',
    );
  }
}

/** Lets shared memory grow to at least so many bytes. */
export function growTo(buffer: GrowableSharedBuffer, bytes: number): void {
  if (buffer.byteLength < bytes) buffer.grow(bytes);
}

/** Saves an array, or fills it with what was saved. */
export type ArrayVisitor = (array: Int32Array | Uint16Array | Float64Array) => void;
