import { allOf, Bitmap, bitCount, limbBitsOf } from './bitmap.ts';

/** A bitmap of any size, in whole words of the state. `bitsPerWord` divides 32, or is 64. */
export class MultiWordBitmap extends Bitmap {
  /** all bits, 32 per word */
  readonly block: Int32Array;
  private readonly limbBits: number;
  private readonly limbMask: number;
  constructor(
    state: Int32Array,
    at: number,
    name: string,
    bits: number,
    bitsPerWord: number,
    initial: 'clear' | 'set',
  ) {
    super(name, bits, bitsPerWord, initial);
    this.limbBits = limbBitsOf(name, bitsPerWord);
    this.limbMask = this.limbBits === 32 ? -1 : (1 << this.limbBits) - 1;
    this.block = state.subarray(at, at + Math.ceil(bits / 32));
  }

  has(bit: number): boolean {
    this.check(bit);
    return (this.block[bit >>> 5] & (1 << bit)) !== 0;
  }

  set(bit: number): void {
    this.check(bit);
    this.block[bit >>> 5] = this.block[bit >>> 5] | (1 << bit);
  }

  clear(bit: number): void {
    this.check(bit);
    this.block[bit >>> 5] = this.block[bit >>> 5] & ~(1 << bit);
  }

  protected limb(n: number): number {
    const bit = n * this.limbBits;
    return bit < this.bits ? (this.block[bit >>> 5] >>> bit) & this.limbMask : 0;
  }

  protected setLimb(n: number, value: number): void {
    const bit = n * this.limbBits;
    const left = this.bits - bit;
    if (left <= 0) return;
    const mask = left < this.limbBits ? (1 << left) - 1 : this.limbMask;
    const kept = this.block[bit >>> 5] & ~(this.limbMask << bit);
    this.block[bit >>> 5] = kept | ((value & mask) << bit);
  }

  isEmpty(): boolean {
    return this.first() < 0;
  }

  count(): number {
    return this.block.reduce((sum, word) => sum + bitCount(word), 0);
  }

  first(from = 0): number {
    this.checkFrom(from);
    if (from >= this.bits) return -1;
    let w = from >>> 5;
    let rest = this.block[w] & (-1 << from);
    while (rest === 0) {
      if (++w >= this.block.length) return -1;
      rest = this.block[w];
    }
    const bit = (w << 5) + 31 - Math.clz32(rest & -rest);
    return bit < this.bits ? bit : -1;
  }

  copyFrom(other: Bitmap): void {
    this.block.set(allOf(other, this));
  }

  orFrom(other: Bitmap): void {
    const from = allOf(other, this);
    for (let w = 0; w < from.length; w++) this.block[w] = this.block[w] | from[w];
  }

  andNotFrom(other: Bitmap): void {
    const from = allOf(other, this);
    for (let w = 0; w < from.length; w++) this.block[w] = this.block[w] & ~from[w];
  }

  contains(other: Bitmap): boolean {
    return allOf(other, this).every((word, w) => (word & ~this.block[w]) === 0);
  }

  equals(other: Bitmap): boolean {
    return allOf(other, this).every((word, w) => word === this.block[w]);
  }

  /** all bits, 32 per word */
  get all(): Int32Array {
    return this.block;
  }

  fill(value: boolean): void {
    this.checkFill(value);
    this.block.fill(value ? -1 : 0);
    const last = this.bits & 31;
    if (value && last !== 0) this.block[this.block.length - 1] = (1 << last) - 1;
  }
}
