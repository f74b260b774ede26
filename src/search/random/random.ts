import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/**
 * A random number generator: xoroshiro128+ of pure-rand. Equal seeds give equal numbers on every machine.
 *
 * The simulator's `RandomStream` draws from the same generator, but is seeded by the name of a stream and draws
 * fractions of 53 bits. Published seeds fix both, and search and simulator do not import each other, so the two share
 * pure-rand and no code of ours.
 */
export class Random {
  private readonly generator: ReturnType<typeof xoroshiro128plus>;

  /** @param seed a 32-bit integer */
  constructor(seed: number) {
    this.generator = xoroshiro128plus(seed | 0);
  }

  /** Draws an integer from 0 to `size - 1`, uniformly. */
  below(size: number): number {
    return uniformInt(this.generator, 0, size - 1);
  }

  /** Draws a multiple of 2^-32 from [0, 1), uniformly. */
  fraction(): number {
    return (this.generator.next() >>> 0) / 2 ** 32;
  }
}
