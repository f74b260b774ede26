import { setTimeout as wait } from 'node:timers/promises';

/** Longer sleeps use the event loop, so that Ctrl-C is handled. */
const maxBlockingMs = 50;
const neverWoken = new Int32Array(new SharedArrayBuffer(4));

/**
 * Blocks this thread for up to 50 ms. A timer of the event loop would first run 0.1 ms of other code, on a CPU that a
 * vCPU may share.
 */
export function sleepBlocking(ms: number): void {
  Atomics.wait(neverWoken, 0, 0, ms);
}

/** Sleeps for any time. The last 50 ms block this thread. */
export async function sleep(ms: number): Promise<void> {
  if (ms > maxBlockingMs) await wait(ms - maxBlockingMs);
  sleepBlocking(Math.min(ms, maxBlockingMs));
}
