/** Buckets of a histogram. The guest counts in them (code.ts). */
export const histogramBuckets = 512;

/**
 * Returns the least latency of a bucket, in cycles. There are eight buckets per octave, so a bucket is 6 to 12 % wide.
 * Latencies below 8 count as 8.
 */
export function bucketLowerBound(bucket: number): number {
  const octave = Math.max(0, Math.floor(bucket / 8) - 1);
  return (bucket - 8 * octave) * 2 ** octave;
}

/** Returns the median of a histogram in cycles, by linear interpolation within its bucket; 0 if it is empty. */
export function medianCycles(counts: Float64Array): number {
  let left = counts.reduce((sum, count) => sum + count, 0) / 2;
  for (const [bucket, count] of counts.entries()) {
    if (count > 0 && left <= count) {
      const least = bucketLowerBound(bucket);
      return least + (left / count) * (bucketLowerBound(bucket + 1) - least);
    }
    left -= count;
  }
  return 0;
}
