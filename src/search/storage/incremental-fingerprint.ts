/**
 * 64 bits of fingerprint of a state, in two 32-bit lanes. Each lane is a sum over the words, mixed each in its own way (A. Zobrist,
 * 1970), so what a step changed is all that has to be mixed again. Each lane is a bijection of every word given the others, so states that
 * differ in one word never collide.
 */
export class Fingerprint {
  high = 0;
  low = 0;
  private readonly words: number;
  private readonly base: Int32Array;
  /** by word: the lanes of the base state */
  private readonly highs: Int32Array;
  private readonly lows: Int32Array;
  private sumHigh = 0;
  private sumLow = 0;

  constructor(words: number) {
    this.words = words;
    this.base = new Int32Array(words);
    this.highs = new Int32Array(words);
    this.lows = new Int32Array(words);
    for (let n = 0; n < words; n++) this.change(n, 0);
  }

  /** Makes a state the base, and gives its fingerprint. */
  rebase(state: Int32Array): void {
    const { base, words } = this;
    for (let n = 0; n < words; n++) {
      if (base[n] !== state[n]) this.change(n, state[n]);
    }
    this.finalize(this.sumHigh, this.sumLow);
  }

  /** Gives the fingerprint of a state, quickly where it differs little from the base. */
  update(state: Int32Array): void {
    const { base, words, highs, lows } = this;
    let high = this.sumHigh;
    let low = this.sumLow;
    for (let n = 0; n < words; n++) {
      const word = state[n];
      if (word === base[n]) continue;
      high = (high - highs[n] + mixHigh(n, word)) | 0;
      low = (low - lows[n] + mixLow(n, word)) | 0;
    }
    this.finalize(high, low);
  }

  private change(n: number, word: number): void {
    const high = mixHigh(n, word);
    const low = mixLow(n, word);
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

function mixHigh(n: number, word: number): number {
  let mixed = Math.imul(word ^ Math.imul(n + 1, 0x9e3779b1), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0x27d4eb2f);
  return mixed ^ (mixed >>> 16);
}

function mixLow(n: number, word: number): number {
  let mixed = Math.imul(word + Math.imul(n + 1, 0x61c88647), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x735a2d97);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x165667b1);
  return mixed ^ (mixed >>> 14);
}
