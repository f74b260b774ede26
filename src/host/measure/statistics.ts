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

/** A sum of two terms, as it was measured, with its spread. */
export interface Point {
  readonly terms: readonly [number, number];
  readonly y: number;
  readonly spread: number;
}

/**
 * y as a sum of two terms with the weights that it gives, neither below 0: least squares of relative errors, where a point that is within its spread
 * of nothing says no more than that.
 */
export function leastSquares(points: readonly Point[]): [number, number] {
  const sum = (of: (a: number, b: number, y: number) => number): number =>
    points.reduce((total, { terms: [a, b], y, spread }) => {
      const scale = Math.hypot(y, spread);
      return total + of(a / scale, b / scale, y / scale);
    }, 0);
  const aa = sum((a) => a * a);
  const ab = sum((a, b) => a * b);
  const bb = sum((_, b) => b * b);
  const a1 = sum((a, _, y) => a * y);
  const b1 = sum((_, b, y) => b * y);
  const determinant = aa * bb - ab * ab;
  const first = (a1 * bb - b1 * ab) / determinant;
  const second = (b1 * aa - a1 * ab) / determinant;
  if (!(first >= 0)) return [0, Math.max(0, b1 / bb)];
  if (!(second >= 0)) return [Math.max(0, a1 / aa), 0];
  return [first, second];
}
