/** Returns the median of a sample; of an even number of values, the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.slice((sorted.length - 1) >> 1, (sorted.length >> 1) + 1);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}

/** Returns half the range of a sample, as a fraction of its median. */
export function spread(values: readonly number[]): number {
  return (Math.max(...values) - Math.min(...values)) / 2 / median(values);
}

/** A confidence interval of a median. */
export interface MedianInterval {
  readonly low: number;
  readonly high: number;
  /** the probability that such an interval covers the median */
  readonly confidence: number;
}

/**
 * Returns the narrowest interval of order statistics that covers the median with a confidence of `wanted`, or the whole
 * range if the sample is too small for that. Assumes no distribution: the number of values below the median is binomial
 * with p = 1/2 (David and Nagaraja, Order Statistics, section 7.1).
 */
export function medianInterval(values: readonly number[], wanted = 0.95): MedianInterval {
  const sorted = [...values].sort((a, b) => a - b);
  const last = sorted.length - 1;
  let cut = 0;
  while (cut + 1 < sorted.length / 2 && coverage(sorted.length, cut + 1) >= wanted) cut++;
  return {
    low: sorted[cut] as number,
    high: sorted[last - cut] as number,
    confidence: coverage(sorted.length, cut),
  };
}

/** Returns the probability that the median lies between the values left after `cut` were removed at both ends. */
function coverage(count: number, cut: number): number {
  let binomial = 1;
  let tail = 0;
  for (let below = 0; below <= cut; below++) {
    tail += binomial;
    binomial = (binomial * (count - below)) / (below + 1);
  }
  return Math.max(0, 1 - tail / 2 ** (count - 1));
}
