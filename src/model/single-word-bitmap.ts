import { allOf, Bitmap, bitCount } from './bitmap.ts';

/** A bitmap of at most 32 bits, in one word of the state. */
export class SingleWordBitmap extends Bitmap {
  protected readonly state: Int32Array;
  protected readonly at: number;
  private readonly shift: number;
  private readonly full: number;
  private readonly wordMask: number;
  constructor(
    state: Int32Array,
    field: { readonly at: number; readonly shift: number },
    name: string,
    bits: number,
    bitsPerWord: number,
    initial: 'clear' | 'set',
  ) {
    super(name, bits, bitsPerWord, initial);
    this.state = state;
    this.at = field.at;
    this.shift = field.shift;
    this.full = bits === 32 ? -1 : (1 << bits) - 1;
    this.wordMask = bitsPerWord >= 32 ? -1 : (1 << bitsPerWord) - 1;
  }

  protected read(): number {
    return (this.state[this.at] >>> this.shift) & this.full;
  }

  protected write(value: number): void {
    const word = this.state[this.at];
    this.state[this.at] = (word & ~(this.full << this.shift)) | ((value & this.full) << this.shift);
  }

  has(bit: number): boolean {
    this.check(bit);
    return (this.state[this.at] & (1 << (this.shift + bit))) !== 0;
  }

  set(bit: number): void {
    this.check(bit);
    this.state[this.at] = this.state[this.at] | (1 << (this.shift + bit));
  }

  clear(bit: number): void {
    this.check(bit);
    this.state[this.at] = this.state[this.at] & ~(1 << (this.shift + bit));
  }

  protected limb(w: number): number {
    return (this.read() >>> (w * this.bitsPerWord)) & this.wordMask;
  }

  protected setLimb(w: number, value: number): void {
    const shift = w * this.bitsPerWord;
    this.write((this.read() & ~(this.wordMask << shift)) | ((value & this.wordMask) << shift));
  }

  isEmpty(): boolean {
    return this.read() === 0;
  }

  count(): number {
    return bitCount(this.read());
  }

  first(from = 0): number {
    this.checkFrom(from);
    const rest = from >= 32 ? 0 : this.read() & (-1 << from);
    return rest === 0 ? -1 : 31 - Math.clz32(rest & -rest);
  }

  copyFrom(other: Bitmap): void {
    this.write(allOf(other, this));
  }

  orFrom(other: Bitmap): void {
    this.write(this.read() | allOf(other, this));
  }

  andNotFrom(other: Bitmap): void {
    this.write(this.read() & ~allOf(other, this));
  }

  contains(other: Bitmap): boolean {
    return (allOf(other, this) & ~this.read()) === 0;
  }

  equals(other: Bitmap): boolean {
    return allOf(other, this) === this.read();
  }

  fill(value: boolean): void {
    this.checkFill(value);
    this.write(value ? this.full : 0);
  }

  /** all bits, bit 0 lowest */
  get all(): number {
    return this.read();
  }
}
