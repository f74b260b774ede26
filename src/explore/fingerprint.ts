/**
 * 64 bits of fingerprint of a state, in two 32-bit lanes: `lanes.high` and `lanes.low` after `of`. Each lane is a bijection of every word
 * given the others, so states that differ in one word never collide.
 */
export class Fingerprint {
  high = 0;
  low = 0;

  of(words: Int32Array, from: number, count: number): void {
    let high = 0x2c1b3c6d;
    let low = 0x297a2d39;
    for (let n = from; n < from + count; n++) {
      const word = words[n] as number;
      high = Math.imul(high ^ word, 0x9e3779b1);
      high = (high << 13) | (high >>> 19);
      low = Math.imul(low + word, 0x85ebca77);
      low = Math.imul((low << 17) | (low >>> 15), 0xc2b2ae3d);
    }
    high ^= Math.imul(low ^ (low >>> 15), 0x2545f491);
    high = Math.imul(high ^ (high >>> 16), 0x85ebca6b);
    this.high = high ^ (high >>> 13);
    low = Math.imul(low ^ (low >>> 16), 0x7feb352d);
    this.low = low ^ (low >>> 15) ^ this.high;
  }
}
