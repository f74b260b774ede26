import { setTimeout } from 'node:timers/promises';

/** Waits for a condition. @throws Error if it does not come true in time */
export async function until(what: string, condition: () => boolean, limitMs = 30_000): Promise<void> {
  const end = Date.now() + limitMs;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`timed out: ${what}`);
    await setTimeout(50);
  }
}
