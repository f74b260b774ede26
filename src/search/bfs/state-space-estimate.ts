/** How many levels are looked at. */
const fewestLevels = 6;
const mostLevels = 128;
/** Levels to come, as a multiple of those looked at: a bell that is wider is none that they tell of. */
const mostToCome = 8;

/** The levels that a breadth-first search has come through. */
export class LevelSizes {
  private readonly sizes: number[] = [];
  private estimatedRemaining: number | undefined;

  /** All of the next level has been found: so many states. */
  add(states: number): void {
    this.sizes.push(states);
    this.estimatedRemaining = estimateOf(this.sizes);
  }

  /** The estimate, less what was found since, as a part of a result; empty where there is none. */
  remaining(foundSince: number): { readonly statesLeft?: number } {
    return this.estimatedRemaining === undefined
      ? {}
      : { statesLeft: Math.max(0, this.estimatedRemaining - foundSince) };
  }
}

/**
 * An estimate of how many states a breadth-first search will still find, from how many it has found on each level. Levels grow and shrink
 * about like a bell (R. Pelánek, P. Šimeček: Estimating State Space Parameters, 2008), so their logarithms lie about on a parabola: it is
 * fitted to the later half of the levels (128 at most) by least squares, and goes on behind the last one. No more than a guess: a model may have a
 * second hump, and nothing tells of it before it comes.
 * @param levels states by level; the last one is whole
 * @returns undefined while there are few levels, and while they do not bend down, or hardly: then nothing can be said
 */
export function estimateOf(levels: readonly number[]): number | undefined {
  const count = Math.min(mostLevels, Math.max(fewestLevels, levels.length >> 1));
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
  const bend = (count * logsByX2 - x2 * logs) / (count * x4 - x2 * x2);
  if (!(bend < 0)) return undefined;
  const slopeAtEnd = logsByX / x2 + bend * (count - 1);
  let remaining = 0;
  let level = levels.at(-1) as number;
  let slope = slopeAtEnd + bend;
  for (let n = 0; n < mostToCome * count && remaining <= Number.MAX_SAFE_INTEGER; n++) {
    if (level < 1 && slope <= 0) return Math.round(remaining);
    level *= Math.exp(slope);
    remaining += level;
    slope += 2 * bend;
  }
  return undefined;
}
