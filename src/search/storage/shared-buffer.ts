/** Whether threads can share memory here: always in Node, and in pages that are isolated from other origins. */
export const canShareMemory = typeof SharedArrayBuffer !== 'undefined';

/**
 * Allocates memory that threads may share. Where nothing is shared, it is memory of this thread, of the same layout.
 * @param bytes size
 */
export const allocateShared = (bytes: number): SharedArrayBuffer =>
  canShareMemory ? new SharedArrayBuffer(bytes) : (new ArrayBuffer(bytes) as unknown as SharedArrayBuffer);
