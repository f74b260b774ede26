import { setImmediate as turn } from 'node:timers/promises';

/** Takes so many samples, one after the other, and lets everything else run in between. */
export async function repeat(times: number, sample: () => number | Promise<number>): Promise<number[]> {
  const samples: number[] = [];
  for (let n = 0; n < times; n++) {
    samples.push(await sample());
    await turn();
  }
  return samples;
}
