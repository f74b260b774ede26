import { SingleWordBitmap } from './single-word-bitmap.ts';

/** A bitmap of at most 32 bits where each bit has a word of the state: what touches one bit touches no other. */
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

  protected override part(w: number): number {
    return this.load(w * this.bitsPerWord, (w + 1) * this.bitsPerWord);
  }

  protected override setPart(w: number, value: number): void {
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
