import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

/** How many threads of this machine run or want to, ours among them: `procs_running` of /proc/stat. */
export function runnableThreads(): number {
  return Number(/^procs_running (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? 0);
}

/** For a longer time the event loop is left alone, so that Ctrl-C is heard. */
const longestSleepMs = 50;
const neverWoken = new Int32Array(new SharedArrayBuffer(4));

/**
 * Sleeps for up to 50 ms without the event loop, and goes on right away: a timer of the event loop runs a tenth of a millisecond of other code
 * first, on a CPU that a vCPU may share.
 */
export function sleepNow(ms: number): void {
  Atomics.wait(neverWoken, 0, 0, ms);
}

/** The same for any time. */
export async function sleep(ms: number): Promise<void> {
  if (ms > longestSleepMs) await wait(ms - longestSleepMs);
  sleepNow(Math.min(ms, longestSleepMs));
}
