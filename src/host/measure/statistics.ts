import jstat from 'jstat';

/** Summary of several samples: the median, and the median absolute deviation from it. */
export interface Measurement {
  readonly median: number;
  readonly mad: number;
  readonly samples: number;
}

/** Summarizes samples by robust statistics: up to half of the samples may be disturbed by other work of the host. */
export function summarize(samples: readonly number[]): Measurement {
  const median = jstat.median([...samples]);
  return { median, mad: jstat.median(samples.map((value) => Math.abs(value - median))), samples: samples.length };
}

/** Returns the mean without the largest 1 % of the samples: it shows rare and short events, which a median hides. */
export function trimmedMean(samples: readonly number[]): number {
  const kept = [...samples].sort((a, b) => a - b).slice(0, Math.ceil(samples.length * 0.99));
  return kept.reduce((sum, value) => sum + value, 0) / kept.length;
}

/** A measured sum of two terms with unknown factors. */
export interface FitPoint {
  readonly terms: readonly [number, number];
  readonly y: number;
  readonly spread: number;
}

/**
 * Fits non-negative factors of the two terms by least squares of relative errors. A point whose value is within its
 * spread has little weight.
 */
export function leastSquares(points: readonly FitPoint[]): [number, number] {
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
