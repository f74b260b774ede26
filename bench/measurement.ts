import type { Engine } from './engines.ts';
import type { Scenario } from './scenarios.ts';

/** The figures of one search. */
export interface SearchRun {
  /** distinct states */
  readonly states: number;
  /** generated states, including the initial state and revisits; undefined if the engine does not count them */
  readonly transitions?: number;
  /** from the parsed model to the verdict, by the engine's own clock */
  readonly searchSeconds: number;
  /** elapsed time for a user: start-up (Node.js and precopy, or `spin -a` and gcc, or Java) and search */
  readonly totalSeconds: number;
  /** processor time of a run, with start-up; of SPIN without the compiler; undefined without /proc */
  readonly cpuSeconds?: number | undefined;
  /** memory of a stored state; undefined if the engine does not report it */
  readonly bytesPerState?: number;
  /** version, if the engine reports it only when it runs */
  readonly version?: string;
}

/** The result of one engine in one scenario: figures or a failure. */
export interface Measurement {
  readonly scenario: Scenario;
  readonly engine: Engine;
  readonly run?: SearchRun;
  readonly failure?: string;
  /** true if the engine found a violation */
  readonly isRefuted?: boolean;
}

/** Thrown when a peer finds a violation. The design holds, so one of the models is wrong. */
export class Refuted extends Error {}

/** Runs a search several times, one after the other, and returns the shortest times. */
export async function fastest(runs: number, search: () => Promise<SearchRun>): Promise<SearchRun> {
  let best = await search();
  for (let n = 1; n < runs; n++) {
    const next = await search();
    const quicker = next.searchSeconds < best.searchSeconds ? next : best;
    best = { ...quicker, totalSeconds: Math.min(next.totalSeconds, best.totalSeconds) };
  }
  return best;
}
