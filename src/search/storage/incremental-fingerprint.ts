import { drawSalts, highNumber, lowNumber, saltsPerField } from './salts.ts';

const fingerprintStream = 2;

/**
 * The 64-bit fingerprint of a state vector: a Zobrist hash (A. Zobrist, 1970) by words. Each of its two 32-bit lanes is
 * the sum of a number for each word and its value, so only changed words are hashed again. Given the other words, a
 * lane is a bijection of each word, so states that differ in one word never collide.
 *
 * Engines that hold whole states use it. `IncrementalSuccessors`, which knows transitions instead, uses `ZobristHash`.
 */
export class Fingerprint {
  /** the last fingerprint; never 0 0, which marks an empty slot of `FingerprintSet` */
  high = 0;
  low = 0;
  private readonly words: number;
  private readonly salts: Int32Array;
  private readonly base: Int32Array;
  /** by word: its numbers in the base state */
  private readonly highs: Int32Array;
  private readonly lows: Int32Array;
  private sumHigh = 0;
  private sumLow = 0;

  constructor(words: number) {
    this.words = words;
    this.salts = drawSalts(words, fingerprintStream);
    this.base = new Int32Array(words);
    this.highs = new Int32Array(words);
    this.lows = new Int32Array(words);
    for (let n = 0; n < words; n++) this.change(n, 0);
  }

  /** Computes the fingerprint of a state, and makes the state the base of `update`. */
  rebase(state: Int32Array): void {
    const { base, words } = this;
    for (let n = 0; n < words; n++) {
      if (base[n] !== state[n]) this.change(n, state[n]);
    }
    this.finalize(this.sumHigh, this.sumLow);
  }

  /** Computes the fingerprint of a state. Takes time for each word that differs from the base. */
  update(state: Int32Array): void {
    const { base, words, highs, lows, salts } = this;
    let high = this.sumHigh;
    let low = this.sumLow;
    for (let n = 0; n < words; n++) {
      const word = state[n];
      if (word === base[n]) continue;
      high = (high - highs[n] + highNumber(salts, saltsPerField * n, word)) | 0;
      low = (low - lows[n] + lowNumber(salts, saltsPerField * n, word)) | 0;
    }
    this.finalize(high, low);
  }

  private change(n: number, word: number): void {
    const high = highNumber(this.salts, saltsPerField * n, word);
    const low = lowNumber(this.salts, saltsPerField * n, word);
    this.sumHigh = (this.sumHigh - this.highs[n] + high) | 0;
    this.sumLow = (this.sumLow - this.lows[n] + low) | 0;
    this.base[n] = word;
    this.highs[n] = high;
    this.lows[n] = low;
  }

  private finalize(sumHigh: number, sumLow: number): void {
    const high = sumHigh ^ Math.imul(sumLow ^ (sumLow >>> 15), 0x2545f491);
    const low = sumLow ^ Math.imul(high ^ (high >>> 16), 0x7feb352d);
    this.high = high;
    this.low = low === 0 && high === 0 ? 1 : low;
  }
}
