import type { Violation } from './first-violation.ts';

/** The counters of a search between two blocks. The tables are saved as arrays. */
export interface SearchCheckpoint {
  readonly states: number;
  readonly transitions: number;
  readonly sleepSetSkips: number;
  readonly depth: number;
  readonly expanded: number;
  /** the first state behind the level that is being expanded */
  readonly levelEnd: number;
  /** units of the predecessor log */
  readonly units: number;
  /** by property: 1 for a cover that was hit */
  readonly hits: readonly number[];
  /** violations of the level so far */
  readonly atParent: Violation | undefined;
  readonly broken: Violation | undefined;
}
