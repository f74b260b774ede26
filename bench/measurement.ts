import type { Engine } from './engines.ts';
import type { Size } from './sizes.ts';

/** What one run of a search yields. */
export interface Run {
  /** distinct states */
  readonly states: number;
  /** states generated, the initial one and those seen before included; where the engine counts them */
  readonly transitions?: number;
  /** from the model in the form that the engine reads to the verdict, by the engine's own clock */
  readonly searchSeconds: number;
  /** all that a user waits for: Node.js starting and loading precopy, `spin -a` and gcc, or Java, and the search */
  readonly totalSeconds: number;
  /** memory for one stored state; where the engine says what it takes */
  readonly bytesPerState?: number;
  /** what the engine calls itself, where only a run tells */
  readonly version?: string;
}

/** One engine at one size: what it found, or why it found nothing. */
export interface Measurement {
  readonly size: Size;
  readonly engine: Engine;
  readonly run?: Run;
  readonly failure?: string;
  /** it found that something does not hold */
  readonly isRefuted?: boolean;
}

/** A peer came to a verdict, and not to a proof: one of the models is wrong. */
export class Refuted extends Error {}

/** Runs a search several times in turn, and takes the fastest. */
export async function fastest(runs: number, search: () => Promise<Run>): Promise<Run> {
  let best = await search();
  for (let n = 1; n < runs; n++) {
    const next = await search();
    const quicker = next.searchSeconds < best.searchSeconds ? next : best;
    best = { ...quicker, totalSeconds: Math.min(next.totalSeconds, best.totalSeconds) };
  }
  return best;
}
