import jstat from 'jstat';

/** A figure that was measured several times: the median, and how far from it the measurements are (median absolute deviation). */
export interface Measured {
  readonly median: number;
  readonly mad: number;
  readonly samples: number;
}

/** Half of the samples may be disturbed by other work of the machine, and the median still stands. */
export function measured(samples: readonly number[]): Measured {
  const median = jstat.median([...samples]);
  return { median, mad: jstat.median(samples.map((value) => Math.abs(value - median))), samples: samples.length };
}

/** The mean of all but the greatest hundredth: for what is rare and short, which a median does not see. */
export function trimmedMean(samples: readonly number[]): number {
  const kept = [...samples].sort((a, b) => a - b).slice(0, Math.ceil(samples.length * 0.99));
  return kept.reduce((sum, value) => sum + value, 0) / kept.length;
}

/** y as a sum of two terms with the weights that it gives, neither below 0; least squares of relative errors. */
export function leastSquares(
  points: readonly { readonly terms: readonly [number, number]; readonly y: number }[],
): [number, number] {
  const sum = (of: (a: number, b: number) => number): number =>
    points.reduce((total, { terms: [a, b], y }) => total + of(a / y, b / y), 0);
  const aa = sum((a) => a * a);
  const ab = sum((a, b) => a * b);
  const bb = sum((_, b) => b * b);
  const a1 = sum((a) => a);
  const b1 = sum((_, b) => b);
  const determinant = aa * bb - ab * ab;
  const first = (a1 * bb - b1 * ab) / determinant;
  const second = (b1 * aa - a1 * ab) / determinant;
  if (!(first >= 0)) return [0, b1 / bb];
  if (!(second >= 0)) return [a1 / aa, 0];
  return [first, second];
}
