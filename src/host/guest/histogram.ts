/** The bucket that holds the median. */
export function medianBucket(counts: Float64Array): number {
  let left = counts.reduce((sum, count) => sum + count, 0) / 2;
  return Math.max(
    0,
    counts.findIndex((count) => {
      left -= count;
      return left <= 0;
    }),
  );
}
