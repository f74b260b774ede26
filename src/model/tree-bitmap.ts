import { allOf, type Bitmap, bitCount } from './bitmap.ts';
import { BlockBitmap } from './block-bitmap.ts';

/** How many words a bitmap of that many bits takes, with the levels over it and its count. */
export function treeWords(bits: number): number {
  return levelsOf(bits).reduce((sum, words) => sum + words, 1);
}

/** Words of each level, from the bits themselves up to a single word. */
function levelsOf(bits: number): number[] {
  const levels = [Math.ceil(bits / 32)];
  while ((levels.at(-1) as number) > 1) levels.push(Math.ceil((levels.at(-1) as number) / 32));
  return levels;
}

/**
 * A bitmap of the size of a real guest. Over its words stand levels of bits that say which words below are not zero, and it counts its bits. So
 * what would take a look at every page takes time by what is set: to clear it, to find the next bit, to merge another into it. The levels
 * and the count follow from the bits, so equal contents are still equal words of the state.
 */
export class TreeBitmap extends BlockBitmap {
  /** the levels from the words of the bits up to a single word */
  private readonly levels: readonly Int32Array[];
  private readonly total: Int32Array;

  constructor(
    state: Int32Array,
    at: number,
    name: string,
    bits: number,
    bitsPerWord: number,
    initial: 'clear' | 'set',
  ) {
    super(state, at, name, bits, bitsPerWord, initial);
    let start = at;
    this.levels = levelsOf(bits).map((words) => {
      start += words;
      return state.subarray(start - words, start);
    });
    this.total = state.subarray(start, start + 1);
  }

  override set(bit: number): void {
    this.check(bit);
    const w = bit >>> 5;
    const old = this.block[w] as number;
    const mask = 1 << bit;
    if ((old & mask) !== 0) return;
    this.block[w] = old | mask;
    this.total[0] = (this.total[0] as number) + 1;
    if (old === 0) this.raise(w);
  }

  override clear(bit: number): void {
    this.check(bit);
    const w = bit >>> 5;
    const old = this.block[w] as number;
    const mask = 1 << bit;
    if ((old & mask) === 0) return;
    this.block[w] = old & ~mask;
    this.total[0] = (this.total[0] as number) - 1;
    if (old === mask) this.lower(w);
  }

  protected override setPart(n: number, value: number): void {
    const at = (n * Math.min(32, this.bitsPerWord)) >>> 5;
    if (at >= this.block.length) return;
    const old = this.block[at] as number;
    super.setPart(n, value);
    this.settle(at, old);
  }

  override isEmpty(): boolean {
    return this.total[0] === 0;
  }

  override count(): number {
    return this.total[0] as number;
  }

  override first(from = 0): number {
    if (from >= this.bits) return -1;
    const w = from >>> 5;
    const rest = (this.block[w] as number) & (-1 << from);
    if (rest !== 0) return (w << 5) + lowest(rest);
    const next = this.nextWord(w + 1);
    return next < 0 ? -1 : (next << 5) + lowest(this.block[next] as number);
  }

  override copyFrom(other: Bitmap): void {
    this.fill(false);
    this.orFrom(other);
  }

  override orFrom(other: Bitmap): void {
    const block = allOf(other, this);
    for (let w = (other as TreeBitmap).nextWord(0); w >= 0; w = (other as TreeBitmap).nextWord(w + 1)) {
      this.store(w, (this.block[w] as number) | (block[w] as number));
    }
  }

  override andNotFrom(other: Bitmap): void {
    const block = allOf(other, this);
    const fewer = this.count() < other.count() ? this : (other as TreeBitmap);
    for (let w = fewer.nextWord(0); w >= 0; w = fewer.nextWord(w + 1)) {
      this.store(w, (this.block[w] as number) & ~(block[w] as number));
    }
  }

  override contains(other: Bitmap): boolean {
    if (other.count() > this.count()) return false;
    const block = allOf(other, this);
    for (let w = (other as TreeBitmap).nextWord(0); w >= 0; w = (other as TreeBitmap).nextWord(w + 1)) {
      if (((block[w] as number) & ~(this.block[w] as number)) !== 0) return false;
    }
    return true;
  }

  override equals(other: Bitmap): boolean {
    return this.count() === other.count() && this.contains(other);
  }

  override fill(value: boolean): void {
    if (value) {
      let ones = this.bits;
      for (const level of this.levels) {
        level.fill(-1);
        if ((ones & 31) !== 0) level[level.length - 1] = (1 << (ones & 31)) - 1;
        ones = level.length;
      }
    } else {
      for (let w = this.nextWord(0); w >= 0; w = this.nextWord(w + 1)) this.store(w, 0);
    }
    this.total[0] = value ? this.bits : 0;
  }

  private store(w: number, value: number): void {
    const old = this.block[w] as number;
    this.block[w] = value;
    this.settle(w, old);
  }

  /** Brings the count and the levels up to date with a word of the bits that was `old`. */
  private settle(w: number, old: number): void {
    const now = this.block[w] as number;
    if (now === old) return;
    this.total[0] = (this.total[0] as number) + bitCount(now) - bitCount(old);
    if (old === 0) this.raise(w);
    else if (now === 0) this.lower(w);
  }

  /** Notes above that word `w` is no longer zero. */
  private raise(w: number): void {
    let at = w;
    for (let n = 1; n < this.levels.length; n++) {
      const level = this.levels[n] as Int32Array;
      const old = level[at >>> 5] as number;
      level[at >>> 5] = old | (1 << at);
      if (old !== 0) return;
      at >>>= 5;
    }
  }

  /** Notes above that word `w` is zero now. */
  private lower(w: number): void {
    let at = w;
    for (let n = 1; n < this.levels.length; n++) {
      const level = this.levels[n] as Int32Array;
      const rest = (level[at >>> 5] as number) & ~(1 << at);
      level[at >>> 5] = rest;
      if (rest !== 0) return;
      at >>>= 5;
    }
  }

  /** The first word at or after `from` that is not zero, or -1. */
  private nextWord(from: number): number {
    if (from >= this.block.length) return -1;
    if (this.block[from] !== 0) return from;
    // Up until a level has a bit behind this place, then down to the lowest below it.
    let at = from;
    let n = 1;
    for (; n < this.levels.length; n++) {
      const level = this.levels[n] as Int32Array;
      const rest = (level[at >>> 5] as number) & (-1 << at);
      if (rest !== 0) {
        at = ((at >>> 5) << 5) + lowest(rest);
        break;
      }
      at = (at >>> 5) + 1;
      if (at >= level.length) return -1;
    }
    if (n === this.levels.length) return -1;
    for (n--; n >= 1; n--) at = (at << 5) + lowest((this.levels[n] as Int32Array)[at] as number);
    return at;
  }
}

/** The lowest bit that is set in a word that is not zero. */
const lowest = (word: number): number => 31 - Math.clz32(word & -word);
