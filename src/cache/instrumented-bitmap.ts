import { SingleWordBitmap } from '../model/single-word-bitmap.ts';

/** A bitmap of at most 32 bits with a word of the state per bit, so that an access to one bit touches no other. */
export class UnpackedBitmap extends SingleWordBitmap {
  override has(bit: number): boolean {
    this.check(bit);
    return this.state[this.at + bit] === 1;
  }

  override set(bit: number): void {
    this.check(bit);
    this.state[this.at + bit] = 1;
  }

  override clear(bit: number): void {
    this.check(bit);
    this.state[this.at + bit] = 0;
  }

  protected override read(): number {
    return this.load(0, this.bits);
  }

  protected override write(value: number): void {
    this.store(0, this.bits, value);
  }

  protected override limb(w: number): number {
    return this.load(w * this.bitsPerWord, (w + 1) * this.bitsPerWord);
  }

  protected override setLimb(w: number, value: number): void {
    this.store(w * this.bitsPerWord, (w + 1) * this.bitsPerWord, value);
  }

  private load(from: number, end: number): number {
    let value = 0;
    for (let bit = from; bit < Math.min(end, this.bits); bit++) value |= this.state[this.at + bit] << (bit - from);
    return value;
  }

  private store(from: number, end: number, value: number): void {
    for (let bit = from; bit < Math.min(end, this.bits); bit++)
      this.state[this.at + bit] = (value >>> (bit - from)) & 1;
  }
}
