import { Bitmap, bitCount } from './bitmap.ts';
import type { Column } from './state-layout.ts';

/** Words of each level, from the bits themselves up to a single word. */
export function levelsOf(bits: number): number[] {
  const levels = [Math.ceil(bits / 32)];
  while ((levels.at(-1) as number) > 1) levels.push(Math.ceil((levels.at(-1) as number) / 32));
  return levels;
}

interface Level extends Column {
  /** how many words it has */
  readonly length: number;
}

/**
 * A bitmap of the size of a real guest. Over its words stand levels of bits that say which words below are not zero, and it counts its bits. So
 * what would take a look at every page takes time by what is set: to clear it, to find the next bit, to merge another into it. The levels
 * and the count follow from the bits, so equal contents are still equal words of the state.
 */
export class HierarchicalBitmap extends Bitmap {
  private readonly state: Int32Array;
  /** where the bits are, 32 a word */
  private readonly at: number;
  private readonly stride: number;
  /** how many words they take */
  private readonly length: number;
  /** all levels, from the bits up to a single word, and those over the bits */
  private readonly levels: readonly Level[];
  private readonly upper: readonly Level[];
  /** -1 where words are kept inverted, else 0 */
  private readonly flip: number;
  /** where the number of bits is that are set, less those that are at first */
  private readonly total: number;
  private readonly setAtFirst: number;
  private readonly partBits: number;
  private readonly partMask: number;

  /** @param place where its levels and its count are, as `levelsOf` says how long they are */
  constructor(
    state: Int32Array,
    { levels, total }: { readonly levels: readonly Column[]; readonly total: { readonly at: number } },
    name: string,
    bits: number,
    bitsPerWord: number,
    initial: 'clear' | 'set',
  ) {
    super(name, bits, bitsPerWord, initial);
    if (32 % bitsPerWord !== 0 && bitsPerWord !== 64) {
      throw new RangeError(`${name}: bitsPerWord ${bitsPerWord} must divide 32, or be 64`);
    }
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
    this.setAtFirst = initial === 'set' ? bits : 0;
    this.partBits = Math.min(32, bitsPerWord);
    this.partMask = this.partBits === 32 ? -1 : (1 << this.partBits) - 1;
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

  protected part(n: number): number {
    const bit = n * this.partBits;
    return bit < this.bits ? (this.load(bit >>> 5) >>> bit) & this.partMask : 0;
  }

  protected setPart(n: number, value: number): void {
    const bit = n * this.partBits;
    const left = this.bits - bit;
    if (left <= 0) return;
    if (this.partBits === 1) {
      if ((value & 1) === 0) this.clear(bit);
      else this.set(bit);
      return;
    }
    const mask = left < this.partBits ? (1 << left) - 1 : this.partMask;
    this.store(bit >>> 5, (this.load(bit >>> 5) & ~(this.partMask << bit)) | ((value & mask) << bit));
  }

  isEmpty(): boolean {
    return this.count() === 0;
  }

  count(): number {
    return this.state[this.total] + this.setAtFirst;
  }

  first(from = 0): number {
    if (from >= this.bits) return -1;
    const w = from >>> 5;
    const rest = this.load(w) & (-1 << from);
    if (rest !== 0) return (w << 5) + lowest(rest);
    const next = this.nextWord(w + 1);
    return next < 0 ? -1 : (next << 5) + lowest(this.load(next));
  }

  copyFrom(other: Bitmap): void {
    this.fill(false);
    this.orFrom(other);
  }

  orFrom(other: Bitmap): void {
    const from = other as HierarchicalBitmap;
    for (let w = from.nextWord(0); w >= 0; w = from.nextWord(w + 1)) this.store(w, this.load(w) | from.load(w));
  }

  andNotFrom(other: Bitmap): void {
    const without = other as HierarchicalBitmap;
    const fewer = this.count() < other.count() ? this : without;
    for (let w = fewer.nextWord(0); w >= 0; w = fewer.nextWord(w + 1)) {
      this.store(w, this.load(w) & ~without.load(w));
    }
  }

  contains(other: Bitmap): boolean {
    const inner = other as HierarchicalBitmap;
    if (inner.count() > this.count()) return false;
    for (let w = inner.nextWord(0); w >= 0; w = inner.nextWord(w + 1)) {
      if ((inner.load(w) & ~this.load(w)) !== 0) return false;
    }
    return true;
  }

  equals(other: Bitmap): boolean {
    return this.count() === other.count() && this.contains(other);
  }

  /** 32 a word. */
  get all(): Int32Array {
    return Int32Array.from({ length: this.length }, (_, w) => this.load(w));
  }

  fill(value: boolean): void {
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
    state[this.total] = this.bits - this.setAtFirst;
  }

  private load(w: number): number {
    return this.state[this.at + w * this.stride] ^ this.flip;
  }

  /** Stores a word of the bits, and brings the count and the levels up to date. */
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

  /** Notes above that word `w` is no longer zero. */
  private raise(w: number): void {
    const { state, flip, upper } = this;
    let below = w;
    for (let n = 0; n < upper.length; n++) {
      const { at, stride } = upper[n];
      const place = at + (below >>> 5) * stride;
      const old = state[place] ^ flip;
      state[place] = (old | (1 << below)) ^ flip;
      if (old !== 0) return;
      below >>>= 5;
    }
  }

  /** Notes above that word `w` is zero now. */
  private lower(w: number): void {
    const { state, flip, upper } = this;
    let below = w;
    for (let n = 0; n < upper.length; n++) {
      const { at, stride } = upper[n];
      const place = at + (below >>> 5) * stride;
      const rest = (state[place] ^ flip) & ~(1 << below);
      state[place] = rest ^ flip;
      if (rest !== 0) return;
      below >>>= 5;
    }
  }

  /** The first word at or after `from` that is not zero, or -1. */
  private nextWord(from: number): number {
    if (from >= this.length) return -1;
    if (this.load(from) !== 0) return from;
    // Up until a level has a bit behind this place, then down to the lowest below it.
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

/** The lowest bit that is set in a word that is not zero. */
const lowest = (word: number): number => 31 - Math.clz32(word & -word);
