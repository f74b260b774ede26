import { readSync, writeSync } from 'node:fs';

/** Returns a view of the bytes of an array. */
export const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/**
 * Fills an array from a file.
 * @param position offset in the file; by default where the last read ended
 * @throws Error if the file ends early
 */
export function readFully(file: number, bytes: Uint8Array, position?: number): Uint8Array {
  for (let at = 0; at < bytes.length; ) {
    const count = readSync(file, bytes, at, bytes.length - at, position === undefined ? null : position + at);
    if (count === 0) throw new Error('the file is truncated');
    at += count;
  }
  return bytes;
}

/**
 * Writes an array to a file.
 * @param position offset in the file; by default where the last write ended
 */
export function writeFully(file: number, bytes: Uint8Array, position?: number): void {
  for (let at = 0; at < bytes.length; ) {
    const count = Math.min(bytes.length - at, 1 << 30);
    at += writeSync(file, bytes, at, count, position === undefined ? null : position + at);
  }
}
