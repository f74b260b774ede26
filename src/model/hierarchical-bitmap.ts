import { Bitmap, bitCount, checkSameSize, limbBitsOf } from './bitmap.ts';
import { PrecopyError } from './errors.ts';
import type { Column } from './state-layout.ts';

/** Returns the number of words of each level, from the bits up to a single word. */
export function levelsOf(bits: number): number[] {
  const levels = [Math.ceil(bits / 32)];
  while ((levels.at(-1) as number) > 1) levels.push(Math.ceil((levels.at(-1) as number) / 32));
  return levels;
}

interface Level extends Column {
  /** number of words */
  readonly length: number;
}

/**
 * A hierarchical bitmap, for the pages of a real guest: a bit of each upper level says whether a word of the level
 * below is not zero. It also counts its set bits. To clear it, to find the next set bit or to merge another bitmap
 * takes time proportional to the set bits, not to the pages. Levels and count are functions of the bits, so equal
 * contents are equal words of the state.
 */
export class HierarchicalBitmap extends Bitmap {
  private readonly state: Int32Array;
  /** word of the state with the first bits, 32 per word */
  private readonly at: number;
  private readonly stride: number;
  /** number of words of the bits */
  private readonly length: number;
  /** levels from the bits up to a single word; `upper` is without the bits */
  private readonly levels: readonly Level[];
  private readonly upper: readonly Level[];
  /** -1 if words are stored inverted (all bits are set initially), else 0 */
  private readonly flip: number;
  /** word of the state with the number of set bits, minus `initialCount` */
  private readonly total: number;
  private readonly initialCount: number;
  private readonly limbBits: number;
  private readonly limbMask: number;

  /** @param place columns of the levels, of the lengths that `levelsOf` returns, and the word of the count */
  constructor(
    state: Int32Array,
    { levels, total }: { readonly levels: readonly Column[]; readonly total: { readonly at: number } },
    name: string,
    bits: number,
    bitsPerWord: number,
    initial: 'clear' | 'set',
  ) {
    super(name, bits, bitsPerWord, initial);
    this.limbBits = limbBitsOf(name, bitsPerWord);
    this.limbMask = this.limbBits === 32 ? -1 : (1 << this.limbBits) - 1;
    const lengths = levelsOf(bits);
    this.levels = levels.map(({ at, stride }, n) => ({ at, stride, length: lengths[n] }));
    const [bottom, ...upper] = this.levels as readonly [Level, ...Level[]];
    this.state = state;
    this.at = bottom.at;
    this.stride = bottom.stride;
    this.length = bottom.length;
    this.upper = upper;
    this.total = total.at;
    this.flip = initial === 'set' ? -1 : 0;
    this.initialCount = initial === 'set' ? bits : 0;
  }

  has(bit: number): boolean {
    this.check(bit);
    return (this.load(bit >>> 5) & (1 << bit)) !== 0;
  }

  set(bit: number): void {
    this.check(bit);
    const { state, flip } = this;
    const at = this.at + (bit >>> 5) * this.stride;
    const old = state[at] ^ flip;
    const mask = 1 << bit;
    if ((old & mask) !== 0) return;
    state[at] = (old | mask) ^ flip;
    state[this.total] = state[this.total] + 1;
    if (old === 0) this.raise(bit >>> 5);
  }

  clear(bit: number): void {
    this.check(bit);
    const { state, flip } = this;
    const at = this.at + (bit >>> 5) * this.stride;
    const old = state[at] ^ flip;
    const mask = 1 << bit;
    if ((old & mask) === 0) return;
    state[at] = (old & ~mask) ^ flip;
    state[this.total] = state[this.total] - 1;
    if (old === mask) this.lower(bit >>> 5);
  }

  protected limb(n: number): number {
    const bit = n * this.limbBits;
    return bit < this.bits ? (this.load(bit >>> 5) >>> bit) & this.limbMask : 0;
  }

  protected setLimb(n: number, value: number): void {
    const bit = n * this.limbBits;
    const left = this.bits - bit;
    if (left <= 0) return;
    if (this.limbBits === 1) {
      if ((value & 1) === 0) this.clear(bit);
      else this.set(bit);
      return;
    }
    const mask = left < this.limbBits ? (1 << left) - 1 : this.limbMask;
    this.store(bit >>> 5, (this.load(bit >>> 5) & ~(this.limbMask << bit)) | ((value & mask) << bit));
  }

  isEmpty(): boolean {
    return this.count() === 0;
  }

  count(): number {
    return this.state[this.total] + this.initialCount;
  }

  first(from = 0): number {
    this.checkFrom(from);
    if (from >= this.bits) return -1;
    const w = from >>> 5;
    const rest = this.load(w) & (-1 << from);
    if (rest !== 0) return (w << 5) + lowest(rest);
    const next = this.nextWord(w + 1);
    return next < 0 ? -1 : (next << 5) + lowest(this.load(next));
  }

  copyFrom(other: Bitmap): void {
    const from = this.operand(other);
    if (from.state === this.state && from.at === this.at) return;
    this.fill(false);
    this.orFrom(from);
  }

  orFrom(other: Bitmap): void {
    const from = this.operand(other);
    for (let w = from.nextWord(0); w >= 0; w = from.nextWord(w + 1)) this.store(w, this.load(w) | from.load(w));
  }

  andNotFrom(other: Bitmap): void {
    const without = this.operand(other);
    const fewer = this.count() < other.count() ? this : without;
    for (let w = fewer.nextWord(0); w >= 0; w = fewer.nextWord(w + 1)) {
      this.store(w, this.load(w) & ~without.load(w));
    }
  }

  contains(other: Bitmap): boolean {
    const inner = this.operand(other);
    if (inner.count() > this.count()) return false;
    for (let w = inner.nextWord(0); w >= 0; w = inner.nextWord(w + 1)) {
      if ((inner.load(w) & ~this.load(w)) !== 0) return false;
    }
    return true;
  }

  equals(other: Bitmap): boolean {
    const same = this.operand(other);
    return this.count() === same.count() && this.contains(same);
  }

  /** all bits, 32 per word */
  get all(): Int32Array {
    return Int32Array.from({ length: this.length }, (_, w) => this.load(w));
  }

  fill(value: boolean): void {
    this.checkFill(value);
    if (!value) {
      for (let w = this.nextWord(0); w >= 0; w = this.nextWord(w + 1)) this.store(w, 0);
      return;
    }
    const { state, flip } = this;
    const isFull = this.count() === this.bits;
    let ones = this.bits;
    for (const { at, stride, length } of this.levels) {
      if (!isFull) for (let w = 0; w < length - 1; w++) state[at + w * stride] = -1 ^ flip;
      state[at + (length - 1) * stride] = (-1 >>> (-ones & 31)) ^ flip;
      ones = length;
    }
    state[this.total] = this.bits - this.initialCount;
  }

  /** @throws PrecopyError `BAD_DESIGN` unless the operand is a hierarchical bitmap with as many bits */
  private operand(other: Bitmap): HierarchicalBitmap {
    checkSameSize(this, other);
    if (other instanceof HierarchicalBitmap) return other;
    const cause = `${this.name} is a hierarchical bitmap, and ${other.name} is not`;
    throw new PrecopyError('BAD_DESIGN', cause, 'declare both with `bitmap`');
  }

  private load(w: number): number {
    return this.state[this.at + w * this.stride] ^ this.flip;
  }

  /** Stores a word of the bits, and updates the count and the upper levels. */
  private store(w: number, value: number): void {
    const { state, flip } = this;
    const at = this.at + w * this.stride;
    const old = state[at] ^ flip;
    if (value === old) return;
    state[at] = value ^ flip;
    state[this.total] = state[this.total] + bitCount(value) - bitCount(old);
    if (old === 0) this.raise(w);
    else if (value === 0) this.lower(w);
  }

  /** Propagates to the upper levels that word `w` is no longer zero. */
  private raise(w: number): void {
    const { state, flip, upper } = this;
    let below = w;
    for (let n = 0; n < upper.length; n++) {
      const { at, stride } = upper[n];
      const word = at + (below >>> 5) * stride;
      const old = state[word] ^ flip;
      state[word] = (old | (1 << below)) ^ flip;
      if (old !== 0) return;
      below >>>= 5;
    }
  }

  /** Propagates to the upper levels that word `w` is zero. */
  private lower(w: number): void {
    const { state, flip, upper } = this;
    let below = w;
    for (let n = 0; n < upper.length; n++) {
      const { at, stride } = upper[n];
      const word = at + (below >>> 5) * stride;
      const rest = (state[word] ^ flip) & ~(1 << below);
      state[word] = rest ^ flip;
      if (rest !== 0) return;
      below >>>= 5;
    }
  }

  /** Returns the first word at or after `from` that is not zero, or -1. */
  private nextWord(from: number): number {
    if (from >= this.length) return -1;
    if (this.load(from) !== 0) return from;
    // Climb to a level with a set bit behind this position, then descend to the lowest word below it.
    const { state, flip, upper } = this;
    let below = from;
    let n = 0;
    for (; n < upper.length; n++) {
      const { at, stride, length } = upper[n];
      const rest = (state[at + (below >>> 5) * stride] ^ flip) & (-1 << below);
      if (rest !== 0) {
        below = ((below >>> 5) << 5) + lowest(rest);
        break;
      }
      below = (below >>> 5) + 1;
      if (below >= length) return -1;
    }
    if (n === upper.length) return -1;
    for (n--; n >= 0; n--) {
      const { at, stride } = upper[n];
      below = (below << 5) + lowest(state[at + below * stride] ^ flip);
    }
    return below;
  }
}

/** Returns the lowest set bit of a word that is not zero. */
const lowest = (word: number): number => 31 - Math.clz32(word & -word);
