import { type Bitmap, checkSameSize } from '../../model/bitmap.ts';
import { SingleWordBitmap } from '../../model/single-word-bitmap.ts';
import type { SymbolicState } from './symbolic-state.ts';

/** The bits of a word: the first one in the state, and their number. */
interface Word {
  readonly at: number;
  readonly width: number;
}

/**
 * A bitmap of at most 32 bits in a symbolic state. Operations that move bits decide none, whatever the number of words;
 * those that answer a question decide the answer.
 */
export class SymbolicBitmap extends SingleWordBitmap {
  private readonly symbols: SymbolicState;

  constructor(
    state: Int32Array,
    field: { readonly at: number; readonly shift: number },
    name: string,
    bits: number,
    bitsPerWord: number,
    initial: 'clear' | 'set',
  ) {
    super(state, field, name, bits, bitsPerWord, initial);
    this.symbols = state as unknown as SymbolicState;
  }

  /** the first bit in the state */
  get firstBit(): number {
    return this.at;
  }

  override has(bit: number): boolean {
    this.check(bit);
    return this.symbols.decideBit(this.at + bit) === 1;
  }

  override set(bit: number): void {
    this.check(bit);
    this.symbols.assignConstant(this.at + bit, 1);
  }

  override clear(bit: number): void {
    this.check(bit);
    this.symbols.assignConstant(this.at + bit, 0);
  }

  override isEmpty(): boolean {
    return this.hasNone(0, this.bits);
  }

  override isWordEmpty(w: number): boolean {
    this.checkWord(w);
    const { at, width } = this.wordAt(w);
    return this.hasNone(at - this.at, width);
  }

  override count(): number {
    const { symbols, at, bits } = this;
    let count = 0;
    for (let bit = 0; bit < bits; bit++) count += symbols.values[at + bit];
    symbols.decide(symbols.exactly(count, [...symbols.functions.subarray(at, at + bits)]), true);
    return count;
  }

  override first(from = 0): number {
    this.checkFrom(from);
    for (let bit = from; bit < this.bits; bit++) if (this.symbols.decideBit(this.at + bit) === 1) return bit;
    return -1;
  }

  override copyFrom(other: Bitmap): void {
    const from = this.symbolic(other);
    for (let bit = 0; bit < this.bits; bit++) this.symbols.copy(from.at + bit, this.at + bit);
  }

  override orFrom(other: Bitmap): void {
    this.or({ at: this.at, width: this.bits }, { at: this.symbolic(other).at, width: this.bits });
  }

  override andNotFrom(other: Bitmap): void {
    this.andNot({ at: this.at, width: this.bits }, { at: this.symbolic(other).at, width: this.bits });
  }

  override contains(other: Bitmap): boolean {
    const { symbols, at, bits } = this;
    const inner = this.symbolic(other).at;
    let missing = 0;
    let isMissing = false;
    for (let bit = bits - 1; bit >= 0; bit--) {
      missing = symbols.or(missing, symbols.andNot(symbols.functions[inner + bit], symbols.functions[at + bit]));
      isMissing ||= symbols.values[inner + bit] > symbols.values[at + bit];
    }
    return !symbols.decide(missing, isMissing);
  }

  override equals(other: Bitmap): boolean {
    const { symbols, at, bits } = this;
    const same = this.symbolic(other).at;
    let equal = 1;
    let isEqual = true;
    for (let bit = bits - 1; bit >= 0; bit--) {
      equal = symbols.and(equal, symbols.equal(symbols.functions[same + bit], symbols.functions[at + bit]));
      isEqual &&= symbols.values[same + bit] === symbols.values[at + bit];
    }
    return symbols.decide(equal, isEqual);
  }

  override fill(value: boolean): void {
    this.checkFill(value);
    for (let bit = 0; bit < this.bits; bit++) this.symbols.assignConstant(this.at + bit, value ? 1 : 0);
  }

  override setWord(w: number, value: number | Bitmap): void {
    const pair = this.wordsOf(w, value, 0);
    if (pair === undefined) super.setWord(w, value);
    else this.move(pair.own, pair.other);
  }

  override loadWord(w: number, into: Bitmap, at = 0): void {
    const pair = this.wordsOf(w, into, at);
    if (pair === undefined) super.loadWord(w, into, at);
    else this.move(pair.other, pair.own);
  }

  override xchgWord(w: number, register: Bitmap): void {
    const pair = this.wordsOf(w, register, 0);
    if (pair === undefined) {
      super.xchgWord(w, register);
      return;
    }
    const { own, other } = pair;
    const { symbols } = this;
    for (let bit = 0; bit < own.width; bit++) {
      const [value, condition] = [symbols.values[own.at + bit], symbols.functions[own.at + bit]];
      symbols.copy(other.at + bit, own.at + bit);
      symbols.assign(other.at + bit, value, condition);
    }
  }

  override fetchAndNotWord(w: number, register: Bitmap): void {
    const pair = this.wordsOf(w, register, 0);
    if (pair === undefined) {
      super.fetchAndNotWord(w, register);
      return;
    }
    const { own, other } = pair;
    const { symbols } = this;
    for (let bit = 0; bit < own.width; bit++) {
      const [old, mask] = [own.at + bit, other.at + bit];
      const both = symbols.and(symbols.functions[old], symbols.functions[mask]);
      const value = symbols.values[old] & symbols.values[mask];
      symbols.assign(old, symbols.values[old] & ~value, symbols.andNot(symbols.functions[old], both));
      symbols.assign(mask, value, both);
    }
  }

  override andNotWord(w: number, other: Bitmap, at = 0): void {
    const pair = this.wordsOf(w, other, at);
    if (pair === undefined) super.andNotWord(w, other, at);
    else this.andNot(pair.own, pair.other);
  }

  override orWord(w: number, register: Bitmap): void {
    const pair = this.wordsOf(w, register, 0);
    if (pair === undefined) super.orWord(w, register);
    else this.or(pair.own, pair.other);
  }

  protected override read(): number {
    return this.load({ at: this.at, width: this.bits });
  }

  protected override write(value: number): void {
    this.store({ at: this.at, width: this.bits }, value);
  }

  protected override limb(w: number): number {
    return this.load(this.wordAt(w));
  }

  protected override setLimb(w: number, value: number): void {
    this.store(this.wordAt(w), value);
  }

  private wordAt(w: number): Word {
    const first = w * this.bitsPerWord;
    return { at: this.at + first, width: Math.max(0, Math.min(this.bitsPerWord, this.bits - first)) };
  }

  /** Returns two words of one width; undefined for anything else, which the operation then refuses or reads. */
  private wordsOf(w: number, other: unknown, at: number): { readonly own: Word; readonly other: Word } | undefined {
    this.checkWord(w);
    if (!(other instanceof SymbolicBitmap)) return undefined;
    other.checkWord(at);
    const words = { own: this.wordAt(w), other: other.wordAt(at) };
    return words.own.width === words.other.width ? words : undefined;
  }

  private symbolic(other: Bitmap): SymbolicBitmap {
    checkSameSize(this, other);
    return other as SymbolicBitmap;
  }

  /** Decides whether no bit of a range is set. */
  private hasNone(first: number, width: number): boolean {
    const { symbols } = this;
    let some = 0;
    let isSome = false;
    for (let bit = this.at + first + width - 1; bit >= this.at + first; bit--) {
      some = symbols.or(some, symbols.functions[bit]);
      isSome ||= symbols.values[bit] === 1;
    }
    return !symbols.decide(some, isSome);
  }

  private load({ at, width }: Word): number {
    let value = 0;
    for (let bit = 0; bit < width; bit++) value |= this.symbols.decideBit(at + bit) << bit;
    return value;
  }

  private store({ at, width }: Word, value: number): void {
    for (let bit = 0; bit < width; bit++) this.symbols.assignConstant(at + bit, (value >>> bit) & 1);
  }

  private move(to: Word, from: Word): void {
    for (let bit = 0; bit < to.width; bit++) this.symbols.copy(from.at + bit, to.at + bit);
  }

  private or(to: Word, from: Word): void {
    const { symbols } = this;
    for (let bit = 0; bit < to.width; bit++) {
      const [one, other] = [to.at + bit, from.at + bit];
      const condition = symbols.or(symbols.functions[one], symbols.functions[other]);
      symbols.assign(one, symbols.values[one] | symbols.values[other], condition);
    }
  }

  private andNot(to: Word, from: Word): void {
    const { symbols } = this;
    for (let bit = 0; bit < to.width; bit++) {
      const [one, other] = [to.at + bit, from.at + bit];
      const condition = symbols.andNot(symbols.functions[one], symbols.functions[other]);
      symbols.assign(one, symbols.values[one] & ~symbols.values[other], condition);
    }
  }
}
