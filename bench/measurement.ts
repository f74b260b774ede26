import type { Size } from './sizes.ts';

export type Engine = 'precopy' | 'SPIN' | 'SPIN -DNOREDUCE';

/** How many times each search is run; the fastest run counts. */
export const runs = 3;

/** One engine at one size. */
export interface Measurement {
  readonly size: Size;
  readonly engine: Engine;
  /** distinct states */
  readonly states: number;
  /** states generated, the initial one and those seen before included */
  readonly transitions: number;
  /** from the model in the form that the engine reads to the verdict, by the engine's own clock */
  readonly searchSeconds: number;
  /** all that a user waits for: Node.js starting and loading precopy, or `spin -a` and gcc, and the search */
  readonly totalSeconds: number;
  /** memory for one stored state */
  readonly bytesPerState: number;
}

/** What one run of a search yields. */
export type Run = Pick<Measurement, 'states' | 'transitions' | 'searchSeconds' | 'totalSeconds' | 'bytesPerState'>;

/** Runs a search several times in turn, and takes the fastest. */
export async function fastest(search: () => Promise<Run>): Promise<Run> {
  let best = await search();
  for (let n = 1; n < runs; n++) {
    const next = await search();
    const quicker = next.searchSeconds < best.searchSeconds ? next : best;
    best = { ...quicker, totalSeconds: Math.min(next.totalSeconds, best.totalSeconds) };
  }
  return best;
}
