import { leastCyclesOf } from './layout.ts';

/** The median of what a histogram holds, in cycles, as if the counts of a bucket lay evenly in it. */
export function medianCycles(counts: Float64Array): number {
  let left = counts.reduce((sum, count) => sum + count, 0) / 2;
  for (const [bucket, count] of counts.entries()) {
    if (count > 0 && left <= count) {
      const least = leastCyclesOf(bucket);
      return least + (left / count) * (leastCyclesOf(bucket + 1) - least);
    }
    left -= count;
  }
  return 0;
}
