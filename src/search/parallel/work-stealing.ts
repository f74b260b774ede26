/**
 * Returns the word of the control memory that holds a worker's next unclaimed index. Each is in a cache line of its
 * own.
 */
const nextOf = (worker: number): number => 16 * (worker + 1);

/** Returns where the range of a worker begins. It is the end of the range before. */
const rangeOf = (worker: number, workers: number, count: number): number => Math.floor((count * worker) / workers);

/**
 * Divides the indices below `count` into a range for each worker. Neighbours stay together: consecutive units generate
 * many of the same successors, which the duplicate filter of one worker recognizes, and consecutive partitions share
 * cache lines of counters.
 */
export function assignRanges(control: Int32Array, workers: number, count: number): void {
  for (let worker = 0; worker < workers; worker++) control[nextOf(worker)] = rangeOf(worker, workers, count);
}

/** Claims indices for a worker: those of its own range, then what is left of the others' (work stealing). */
export function* claimIndices(
  control: Int32Array,
  workerId: number,
  workers: number,
  count: number,
): Generator<number, void, void> {
  for (let n = 0; n < workers; n++) {
    const owner = (workerId + n) % workers;
    const end = rangeOf(owner + 1, workers, count);
    for (;;) {
      const index = Atomics.add(control, nextOf(owner), 1);
      if (index >= end) break;
      yield index;
    }
  }
}
