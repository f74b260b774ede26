/** Fewest and most levels of a fit. */
const minLevels = 6;
const maxLevels = 128;
/** Most levels of the extrapolation, as a multiple of those of the fit. A wider bell is not determined by the fit. */
const maxExtrapolation = 8;

/** The sizes of the levels of a breadth-first search, and the estimate that follows from them. */
export class LevelSizes {
  /** of the last levels: at least of twice as many as a fit has */
  private readonly sizes: number[] = [];
  private estimatedRemaining: number | undefined;

  /** Adds the next level, all of whose states are discovered. */
  add(states: number): void {
    this.sizes.push(states);
    if (this.sizes.length > 4 * maxLevels) this.sizes.splice(0, 2 * maxLevels);
    this.estimatedRemaining = estimateRemaining(this.sizes);
  }

  /**
   * Returns the estimate as a part of a result; empty if there is none.
   * @param discoveredSince states that were discovered since the last level was added
   */
  remaining(discoveredSince: number): { readonly statesLeft?: number } {
    return this.estimatedRemaining === undefined
      ? {}
      : { statesLeft: Math.max(0, this.estimatedRemaining - discoveredSince) };
  }
}

/**
 * Estimates how many states a breadth-first search has not discovered yet. Level sizes form a bell curve (R. Pelánek,
 * P. Šimeček: Estimating State Space Parameters, 2008), so their logarithms lie on a parabola. It is fitted by least
 * squares to the later half of the levels, at most 128, and extrapolated. A state space with a second bell is larger
 * than the estimate.
 * @param levels number of states by level; the last level is complete
 * @returns undefined if there are too few levels, or if the parabola does not open downwards, or hardly
 */
export function estimateRemaining(levels: readonly number[]): number | undefined {
  const count = Math.min(maxLevels, Math.max(minLevels, levels.length >> 1));
  if (levels.length < count) return undefined;
  let [logs, logsByX, logsByX2, x2, x4] = [0, 0, 0, 0, 0];
  for (let n = 0; n < count; n++) {
    const x = n - (count - 1) / 2;
    const log = Math.log(levels[levels.length - count + n]);
    logs += log;
    logsByX += log * x;
    logsByX2 += log * x * x;
    x2 += x * x;
    x4 += x ** 4;
  }
  const curvature = (count * logsByX2 - x2 * logs) / (count * x4 - x2 * x2);
  if (!(curvature < 0)) return undefined;
  const slopeAtEnd = logsByX / x2 + curvature * (count - 1);
  let remaining = 0;
  let level = levels.at(-1) as number;
  let slope = slopeAtEnd + curvature;
  for (let n = 0; n < maxExtrapolation * count && remaining <= Number.MAX_SAFE_INTEGER; n++) {
    if (level < 1 && slope <= 0) return Math.round(remaining);
    level *= Math.exp(slope);
    remaining += level;
    slope += 2 * curvature;
  }
  return undefined;
}
