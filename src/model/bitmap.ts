import type { AccessKind, Cell, PlainStore } from './cells.ts';
import { ModelFault } from './errors.ts';

/**
 * A bitmap as the kernel has it: bits, in words that one instruction loads, stores or exchanges. What a real processor does in one
 * locked instruction (`set`, `xchgWord`) is one operation here; what touches many words (`copyFrom`, `clearAll`) is a bulk operation
 * and one step only where no other actor can race with it.
 */
export abstract class Bitmap implements Cell {
  /** All bits, for a bulk operation of another bitmap of this size. */
  abstract readonly all: number | Int32Array;
  /** How many words hold the bits. */
  readonly words: number;
  constructor(
    readonly name: string,
    readonly bits: number,
    readonly bitsPerWord: number,
    readonly initial: 'clear' | 'set',
  ) {
    this.words = Math.ceil(bits / bitsPerWord);
  }

  abstract has(bit: number): boolean;
  /** Atomic `set_bit`. */
  abstract set(bit: number): void;
  /** Atomic `clear_bit`. */
  abstract clear(bit: number): void;
  /** One plain load of word `w`, its lowest bit first. */
  abstract word(w: number): number;
  /** One plain store of word `w`. */
  abstract setWord(w: number, value: number): void;
  abstract isEmpty(): boolean;
  /** How many bits are set. */
  abstract count(): number;
  /** The lowest set bit at or above `from`, or -1. */
  abstract first(from?: number): number;
  abstract copyFrom(other: Bitmap): void;
  abstract orFrom(other: Bitmap): void;
  abstract andNotFrom(other: Bitmap): void;
  abstract contains(other: Bitmap): boolean;
  abstract equals(other: Bitmap): boolean;
  abstract fill(value: boolean): void;

  /** Atomic `test_and_clear_bit`: whether the bit was set. */
  testAndClear(bit: number): boolean {
    const was = this.has(bit);
    this.clear(bit);
    return was;
  }

  /** Atomic `test_and_set_bit`: whether the bit was set. */
  testAndSet(bit: number): boolean {
    const was = this.has(bit);
    this.set(bit);
    return was;
  }

  /** Atomic `xchg` of word `w`: the old value. */
  xchgWord(w: number, value: number): number {
    const old = this.word(w);
    this.setWord(w, value);
    return old;
  }

  /** Atomic `fetch_andnot` of word `w`: the bits of `mask` that were set, which are clear now. */
  fetchAndNotWord(w: number, mask: number): number {
    const old = this.word(w);
    this.setWord(w, old & ~mask);
    return old & mask;
  }

  /** Word `w` and the mask of `bit` in it. */
  wordOf(bit: number): number {
    return (bit / this.bitsPerWord) | 0;
  }

  maskOf(bit: number): number {
    return 1 << (bit % this.bitsPerWord);
  }

  /** Bits as digits, page 0 first. */
  show(): string {
    const digits: string[] = [];
    for (let bit = 0; bit < Math.min(this.bits, 64); bit++) digits.push(this.has(bit) ? '1' : '0');
    return this.bits > 64 ? `${digits.join('')}…` : digits.join('');
  }

  reset(): void {
    this.fill(this.initial === 'set');
  }

  get kinds(): Readonly<Record<string, AccessKind>> {
    return bitmapKinds;
  }

  get plainStore(): PlainStore {
    return {
      operation: 'setWord',
      entry: (w, value) => {
        this.checkWord(w as number);
        return { place: w as number, value: lowest(Math.min(this.bitsPerWord, this.bits), value as number) };
      },
      load: (w) => this.word(w) >>> 0,
      store: (w, value) => this.setWord(w, value),
    };
  }

  protected check(bit: number): void {
    if (!(bit >= 0 && bit < this.bits)) throw new ModelFault(`${this.name} has bits 0 to ${this.bits - 1}, not ${bit}`);
  }

  protected checkWord(w: number): void {
    if (!(w >= 0 && w < this.words)) throw new ModelFault(`${this.name} has words 0 to ${this.words - 1}, not ${w}`);
  }
}

const bitmapKinds = {
  has: 'load',
  word: 'load',
  isEmpty: 'load',
  count: 'load',
  first: 'load',
  contains: 'load',
  equals: 'load',
  set: 'rmw',
  clear: 'rmw',
  testAndClear: 'rmw',
  testAndSet: 'rmw',
  xchgWord: 'rmw',
  fetchAndNotWord: 'rmw',
  setWord: 'store',
  copyFrom: 'store',
  orFrom: 'rmw',
  andNotFrom: 'rmw',
  fill: 'store',
} as const satisfies Record<string, AccessKind>;

/** At most 32 bits, inside one word of the state. */
export class FieldBitmap extends Bitmap {
  private readonly state: Int32Array;
  private readonly at: number;
  private readonly shift: number;
  private readonly full: number;
  private readonly wordMask: number;
  constructor(
    state: Int32Array,
    slot: { at: number; shift: number },
    name: string,
    bits: number,
    bitsPerWord: number,
    initial: 'clear' | 'set',
  ) {
    super(name, bits, bitsPerWord, initial);
    this.state = state;
    this.at = slot.at;
    this.shift = slot.shift;
    this.full = bits === 32 ? -1 : (1 << bits) - 1;
    this.wordMask = bitsPerWord >= 32 ? -1 : (1 << bitsPerWord) - 1;
  }

  private read(): number {
    return ((this.state[this.at] as number) >>> this.shift) & this.full;
  }

  private write(value: number): void {
    const word = this.state[this.at] as number;
    this.state[this.at] = (word & ~(this.full << this.shift)) | ((value & this.full) << this.shift);
  }

  has(bit: number): boolean {
    this.check(bit);
    return ((this.state[this.at] as number) & (1 << (this.shift + bit))) !== 0;
  }

  set(bit: number): void {
    this.check(bit);
    this.state[this.at] = (this.state[this.at] as number) | (1 << (this.shift + bit));
  }

  clear(bit: number): void {
    this.check(bit);
    this.state[this.at] = (this.state[this.at] as number) & ~(1 << (this.shift + bit));
  }

  word(w: number): number {
    this.checkWord(w);
    return (this.read() >>> (w * this.bitsPerWord)) & this.wordMask;
  }

  setWord(w: number, value: number): void {
    this.checkWord(w);
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
    const rest = from >= 32 ? 0 : this.read() & (-1 << from);
    return rest === 0 ? -1 : 31 - Math.clz32(rest & -rest);
  }

  copyFrom(other: Bitmap): void {
    this.write(bitsOf(other));
  }

  orFrom(other: Bitmap): void {
    this.write(this.read() | bitsOf(other));
  }

  andNotFrom(other: Bitmap): void {
    this.write(this.read() & ~bitsOf(other));
  }

  contains(other: Bitmap): boolean {
    return (bitsOf(other) & ~this.read()) === 0;
  }

  equals(other: Bitmap): boolean {
    return bitsOf(other) === this.read();
  }

  fill(value: boolean): void {
    this.write(value ? this.full : 0);
  }

  /** As one number: bit 0 lowest. */
  get all(): number {
    return this.read();
  }
}

function bitsOf(bitmap: Bitmap): number {
  return bitmap.all as number;
}

/** Any number of bits, in whole words of the state. `bitsPerWord` divides 32. */
export class BlockBitmap extends Bitmap {
  /** All bits, 32 a word. */
  readonly block: Int32Array;
  private readonly wordMask: number;
  constructor(
    state: Int32Array,
    at: number,
    name: string,
    bits: number,
    bitsPerWord: number,
    initial: 'clear' | 'set',
  ) {
    super(name, bits, bitsPerWord, initial);
    if (32 % bitsPerWord !== 0) throw new RangeError(`${name}: bitsPerWord ${bitsPerWord} must divide 32`);
    this.block = state.subarray(at, at + Math.ceil(bits / 32));
    this.wordMask = bitsPerWord === 32 ? -1 : (1 << bitsPerWord) - 1;
  }

  has(bit: number): boolean {
    this.check(bit);
    return ((this.block[bit >>> 5] as number) & (1 << bit)) !== 0;
  }

  set(bit: number): void {
    this.check(bit);
    this.block[bit >>> 5] = (this.block[bit >>> 5] as number) | (1 << bit);
  }

  clear(bit: number): void {
    this.check(bit);
    this.block[bit >>> 5] = (this.block[bit >>> 5] as number) & ~(1 << bit);
  }

  word(w: number): number {
    this.checkWord(w);
    const bit = w * this.bitsPerWord;
    return ((this.block[bit >>> 5] as number) >>> bit) & this.wordMask;
  }

  setWord(w: number, value: number): void {
    this.checkWord(w);
    const bit = w * this.bitsPerWord;
    const left = this.bits - bit;
    const mask = left < this.bitsPerWord ? (1 << left) - 1 : this.wordMask;
    const kept = (this.block[bit >>> 5] as number) & ~(this.wordMask << bit);
    this.block[bit >>> 5] = kept | ((value & mask) << bit);
  }

  isEmpty(): boolean {
    return this.first() < 0;
  }

  count(): number {
    return this.block.reduce((sum, word) => sum + bitCount(word), 0);
  }

  first(from = 0): number {
    if (from >= this.bits) return -1;
    let w = from >>> 5;
    let rest = (this.block[w] as number) & (-1 << from);
    while (rest === 0) {
      if (++w >= this.block.length) return -1;
      rest = this.block[w] as number;
    }
    const bit = (w << 5) + 31 - Math.clz32(rest & -rest);
    return bit < this.bits ? bit : -1;
  }

  copyFrom(other: Bitmap): void {
    this.block.set(blockOf(other));
  }

  orFrom(other: Bitmap): void {
    const from = blockOf(other);
    for (let w = 0; w < from.length; w++) this.block[w] = (this.block[w] as number) | (from[w] as number);
  }

  andNotFrom(other: Bitmap): void {
    const from = blockOf(other);
    for (let w = 0; w < from.length; w++) this.block[w] = (this.block[w] as number) & ~(from[w] as number);
  }

  contains(other: Bitmap): boolean {
    return blockOf(other).every((word, w) => (word & ~(this.block[w] as number)) === 0);
  }

  equals(other: Bitmap): boolean {
    return blockOf(other).every((word, w) => word === this.block[w]);
  }

  /** 32 a word. */
  get all(): Int32Array {
    return this.block;
  }

  fill(value: boolean): void {
    this.block.fill(value ? -1 : 0);
    const last = this.bits & 31;
    if (value && last !== 0) this.block[this.block.length - 1] = (1 << last) - 1;
  }
}

function blockOf(bitmap: Bitmap): Int32Array {
  return bitmap.all as Int32Array;
}

/** The lowest bits of a value, as a number that is not negative. */
function lowest(bits: number, value: number): number {
  return (bits >= 32 ? value : value & ((1 << bits) - 1)) >>> 0;
}

/** How many bits of a word are set. */
export function bitCount(word: number): number {
  let pairs = word - ((word >>> 1) & 0x55555555);
  pairs = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((pairs + (pairs >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
