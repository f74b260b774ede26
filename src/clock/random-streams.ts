import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/**
 * A named stream of random numbers. Each purpose of a run has its own stream (common random numbers): designs that draw
 * different numbers of costs still see the same writes.
 */
export class RandomStream {
  private readonly generator: ReturnType<typeof xoroshiro128plus>;

  /** @param purpose name of the stream within the run: `guest 2`, `costs 0` */
  constructor(seed: number, run: number, purpose: string) {
    // FNV-1a
    let hash = 0x811c9dc5;
    for (const char of `${seed}/${run}/${purpose}`) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
    this.generator = xoroshiro128plus(hash);
    // The first numbers of similar seeds are correlated.
    for (let n = 0; n < 8; n++) this.generator.next();
  }

  /** Draws an integer from 0 to `size - 1`. */
  below(size: number): number {
    return uniformInt(this.generator, 0, size - 1);
  }

  /** Draws a number in [0, 1). */
  fraction(): number {
    return uniformFloat64(this.generator);
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.fraction());
  }

  /** Draws from the standard normal distribution (G. Box and M. Muller, 1958). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.fraction())) * Math.cos(2 * Math.PI * this.fraction());
  }
}
