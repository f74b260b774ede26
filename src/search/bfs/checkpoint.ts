import type { ArrayVisitor } from '../storage/growable-buffer.ts';
import type { Violation } from './first-violation.ts';

/** A search on its way, between two blocks. */
export interface SearchCheckpoint {
  readonly states: number;
  readonly transitions: number;
  readonly sleepSetSkips: number;
  readonly depth: number;
  readonly expanded: number;
  /** the first state after the level that is being expanded */
  readonly levelEnd: number;
  readonly units: number;
  /** by property: 1 for a cover that was hit */
  readonly hits: readonly number[];
  /** what was found in this level so far */
  readonly deadlock: Violation | undefined;
  readonly broken: Violation | undefined;
}

/** Keeps snapshots of a search, so that it can go on after the process has ended. */
export interface CheckpointStore {
  /** The snapshot to go on from, where there is one. */
  readonly latest: SearchCheckpoint | undefined;
  /** Fills the arrays that belong to it, in the order in which `each` visits them. Once. */
  restore(each: (visit: ArrayVisitor) => void): void;
  /** Whether it is time for the next one. */
  isDue(): boolean;
  /** Keeps one, with the arrays that `each` visits. */
  save(snapshot: SearchCheckpoint, each: (visit: ArrayVisitor) => void): void;
}
