import type { ArrayVisitor } from './storage/growable-buffer.ts';

/**
 * Stores checkpoints of a search, so that another process can resume it. A checkpoint is a snapshot of the counters, in
 * plain data, and arrays.
 */
export interface CheckpointStore<Snapshot> {
  /** the snapshot to resume from */
  readonly latest: Snapshot | undefined;
  /** Fills the arrays of the latest checkpoint, in the order in which `each` visits them. Is called once. */
  restore(each: (visit: ArrayVisitor) => void): void;
  /** Returns whether the next checkpoint is due. */
  isDue(): boolean;
  /** Saves a snapshot with the arrays that `each` visits. */
  save(snapshot: Snapshot, each: (visit: ArrayVisitor) => void): void;
}
