import { readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** The threads of a benchmark: this one and a vCPU. */
const ownThreads = 2;
/** Up to this multiple of the samples, a disturbed one is discarded. */
const discardFactor = 1;

/** Returns the number of runnable threads of this host, including ours: `procs_running` of /proc/stat. */
export function runnableThreads(): number {
  return Number(/^procs_running (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? 0);
}

/**
 * Takes samples one after another, with a turn of the event loop between two of them. A sample during which other
 * threads of the host ran is discarded, unless that happens all the time.
 */
export async function takeSamples(count: number, sample: () => number | Promise<number>): Promise<number[]> {
  const samples: number[] = [];
  for (let attempt = 1; samples.length < count; attempt++) {
    const othersRan = runnableThreads() > ownThreads;
    const value = await sample();
    const isDisturbed = othersRan || runnableThreads() > ownThreads;
    if (attempt > discardFactor * count || !isDisturbed) samples.push(value);
    await nextTurn();
  }
  return samples;
}
