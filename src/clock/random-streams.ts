import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** One stream of random numbers. Streams of one run differ by their purpose, so that a design that draws more costs does not move the writes. */
export class RandomStream {
  private readonly generator: ReturnType<typeof xoroshiro128plus>;

  /** @param purpose what the numbers are for: `guest 2`, `costs 0` */
  constructor(seed: number, run: number, purpose: string) {
    let hash = 0x811c9dc5;
    for (const char of `${seed}/${run}/${purpose}`) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
    this.generator = xoroshiro128plus(hash);
    // The first numbers of near seeds are alike.
    for (let n = 0; n < 8; n++) this.generator.next();
  }

  /** From 0 to `size - 1`. */
  below(size: number): number {
    return uniformInt(this.generator, 0, size - 1);
  }

  /** From 0 up to 1, without 1. */
  fraction(): number {
    return uniformFloat64(this.generator);
  }

  exponential(mean: number): number {
    return -mean * Math.log(1 - this.fraction());
  }

  /** Mean 0 and standard deviation 1 (G. Box and M. Muller, 1958). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.fraction())) * Math.cos(2 * Math.PI * this.fraction());
  }
}
