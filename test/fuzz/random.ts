import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Random choices of the generator. Equal seeds give equal choices. */
export class Dice {
  private readonly generator: ReturnType<typeof xoroshiro128plus>;

  constructor(readonly seed: number) {
    this.generator = xoroshiro128plus(seed | 0);
  }

  /** Draws an integer from 0 to `size - 1`. */
  below(size: number): number {
    return uniformInt(this.generator, 0, size - 1);
  }

  /** Draws an integer from `first` to `last`. */
  between(first: number, last: number): number {
    return first + this.below(last - first + 1);
  }

  /** Returns true in `percent` of 100 cases. */
  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }

  /** Draws `count` values. */
  times<T>(count: number, draw: (n: number) => T): T[] {
    return Array.from({ length: count }, (_, n) => draw(n));
  }

  /** Draws one of several alternatives, each with a weight. */
  weighted<T>(...alternatives: readonly (readonly [weight: number, draw: () => T])[]): T {
    let left = this.below(alternatives.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, draw] of alternatives) {
      if (left < weight) return draw();
      left -= weight;
    }
    throw new Error('no alternative');
  }
}
