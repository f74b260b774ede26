import { PrecopyError } from '../../model/errors.ts';
import { mix32 } from './hash-mix.ts';

/** How many bits a state sets; as many as SPIN sets. */
export const hashesPerState = 3;

/** A word of the array is found by 32 bits of a hash. */
const mostBytes = 2 ** 32;

/**
 * A set of states that keeps a few bits of each: a Bloom filter, as SPIN's bitstate hashing has it (G. Holzmann: An Analysis of Bitstate
 * Hashing, FMSD 1998). A state may be taken for one that is in it, if all of its bits are set by others. The hash functions are made from
 * two by double hashing, and differ by the seed.
 */
export class BloomFilter {
  private readonly words: Int32Array;
  private readonly saltHigh: number;
  private readonly saltLow: number;
  private ones = 0;
  /**
   * About how many states were left out so far, as all of their bits were set: of those that are new, the share f^k is taken for old, where
   * f is the share of the bits that are set, and k the number of hash functions.
   */
  expectedOmissions = 0;

  /** @throws PrecopyError `BAD_PARAMETER` when there is not so much memory */
  constructor(bytes: number, seed: number) {
    try {
      this.words = new Int32Array(Math.max(1, Math.floor(Math.min(bytes, mostBytes) / 4)));
    } catch {
      throw new PrecopyError(
        'BAD_PARAMETER',
        `there are no ${bytes} bytes for the bits`,
        'give a smaller --max-memory',
      );
    }
    this.saltHigh = mix32(seed, 1);
    this.saltLow = mix32(seed, 2);
  }

  get bits(): number {
    return 32 * this.words.length;
  }

  get bytes(): number {
    return 4 * this.words.length;
  }

  /** Adds a state, by its fingerprint; false when all of its bits were set. */
  add(high: number, low: number): boolean {
    const { words } = this;
    const first = mix32(high, this.saltHigh);
    const second = mix32(low, this.saltLow) | 1;
    const full = (this.ones / this.bits) ** hashesPerState;
    let isNew = false;
    for (let n = 0; n < hashesPerState; n++) {
      const hash = (first + Math.imul(n, second)) >>> 0;
      const word = Math.floor((hash * words.length) / 2 ** 32);
      const bit = 1 << (second >>> (5 * n + 1));
      const before = words[word];
      if ((before & bit) !== 0) continue;
      words[word] = before | bit;
      this.ones++;
      isNew = true;
    }
    if (isNew) this.expectedOmissions += full / (1 - full);
    return isNew;
  }
}
