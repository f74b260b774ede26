import { setImmediate as turn } from 'node:timers/promises';
import { runnableThreads } from './quiet.ts';

/** This thread and a vCPU. */
const own = 2;
const patience = 1;

/**
 * Takes so many samples, one after the other, and lets everything else run in between. A sample during which other threads of the machine ran does
 * not count, unless they do all the time.
 */
export async function repeat(times: number, sample: () => number | Promise<number>): Promise<number[]> {
  const samples: number[] = [];
  for (let tries = 1; samples.length < times; tries++) {
    const wereOthers = runnableThreads() > own;
    const value = await sample();
    if (tries > patience * times || !(wereOthers || runnableThreads() > own)) samples.push(value);
    await turn();
  }
  return samples;
}
