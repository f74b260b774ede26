import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Random numbers from a seed: the same seed gives the same numbers, on every machine. */
export class Random {
  private readonly generator: ReturnType<typeof xoroshiro128plus>;

  /** @param seed a 32-bit number */
  constructor(seed: number) {
    this.generator = xoroshiro128plus(seed | 0);
  }

  /** A number from 0 to `size - 1`, all equally likely. */
  below(size: number): number {
    return uniformInt(this.generator, 0, size - 1);
  }

  /** A fraction from 0 up to 1, without 1, in steps of 2^-32. */
  fraction(): number {
    return (this.generator.next() >>> 0) / 2 ** 32;
  }
}
