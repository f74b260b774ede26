import type { ArrayVisitor } from '../storage/growable-buffer.ts';
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

/** Stores checkpoints of a search, so that another process can resume it. */
export interface CheckpointStore {
  /** the checkpoint to resume from */
  readonly latest: SearchCheckpoint | undefined;
  /** Fills the arrays of the latest checkpoint, in the order in which `each` visits them. Is called once. */
  restore(each: (visit: ArrayVisitor) => void): void;
  /** Returns whether the next checkpoint is due. */
  isDue(): boolean;
  /** Saves a checkpoint with the arrays that `each` visits. */
  save(checkpoint: SearchCheckpoint, each: (visit: ArrayVisitor) => void): void;
}
