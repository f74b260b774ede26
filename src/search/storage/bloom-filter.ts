import { PrecopyError } from '../../model/errors.ts';
import { mix32 } from './zobrist-hash.ts';

/** Hash functions, and so bits, per state; as many as SPIN has by default. */
export const hashesPerState = 3;

/** A 32-bit hash selects a word. */
const maxBytes = 2 ** 32;

/**
 * The visited set of bitstate hashing: a Bloom filter (G. Holzmann: An Analysis of Bitstate Hashing, 1998). It has no
 * false negatives; a state whose bits were all set by others is omitted. Double hashing derives the hash functions from
 * two, and the seed selects them.
 */
export class BloomFilter {
  private readonly words: Int32Array;
  private readonly saltHigh: number;
  private readonly saltLow: number;
  private ones = 0;
  /**
   * Expected number of omitted states. A new state is omitted with probability f^k, where f is the share of the bits
   * that are set and k the number of hash functions.
   */
  expectedOmissions = 0;

  /** @throws PrecopyError `BAD_PARAMETER` if that much memory is not available */
  constructor(bytes: number, seed: number) {
    try {
      this.words = new Int32Array(Math.max(1, Math.floor(Math.min(bytes, maxBytes) / 4)));
    } catch {
      throw new PrecopyError(
        'BAD_PARAMETER',
        `a Bloom filter of ${bytes} bytes does not fit into memory`,
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

  /** Adds a state by its fingerprint. Returns false if all of its bits were set. */
  add(high: number, low: number): boolean {
    const { words } = this;
    const first = mix32(high, this.saltHigh);
    const second = mix32(low, this.saltLow) | 1;
    const omissionProbability = (this.ones / this.bits) ** hashesPerState;
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
    // p / (1 - p) omissions are expected for each state that is not omitted.
    if (isNew) this.expectedOmissions += omissionProbability / (1 - omissionProbability);
    return isNew;
  }
}
