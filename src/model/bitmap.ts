import type { AccessKind, Cell, PlainStore } from './cells.ts';
import { ModelFault, PrecopyError } from './errors.ts';

/**
 * A bitmap as the kernel has it: bits, in words of up to 64 that one instruction loads, stores or exchanges. What a real processor does in
 * one locked instruction (`set`, `xchgWord`) is one operation here; what touches many words (`copyFrom`, `clearAll`) is a bulk operation
 * and one step only where no other actor can race with it.
 *
 * A word goes from one bitmap into another, as it goes through a register of the processor: a number of JavaScript holds no 64 bits.
 */
export abstract class Bitmap implements Cell {
  /** All bits, for a bulk operation of another bitmap of this size. */
  abstract readonly all: number | Int32Array;
  /** How many words hold the bits. */
  readonly words: number;
  /** How many parts of at most 32 bits a word has. */
  private readonly parts: number;
  /** what to show in place of digits: who the bits stand for */
  names: readonly string[] | undefined;
  constructor(
    readonly name: string,
    readonly bits: number,
    readonly bitsPerWord: number,
    readonly initial: 'clear' | 'set',
  ) {
    this.words = Math.ceil(bits / bitsPerWord);
    this.parts = bits > 32 && bitsPerWord > 32 ? 2 : 1;
    this.names = undefined;
  }

  /** One part of a word: word `n`, or half of one of 64 bits. */
  protected abstract part(n: number): number;
  protected abstract setPart(n: number, value: number): void;

  abstract has(bit: number): boolean;
  /** Atomic `set_bit`. */
  abstract set(bit: number): void;
  /** Atomic `clear_bit`. */
  abstract clear(bit: number): void;
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

  /** One plain load of word `w`, its lowest bit first, where words have at most 32 bits. */
  word(w: number): number {
    this.checkWord(w);
    if (this.parts > 1)
      throw new ModelFault(`${this.name} has words of ${this.bitsPerWord} bits, which are no numbers`);
    return this.part(w);
  }

  /** One plain store of word `w`: of a number, or of a register, which is the first word of another bitmap. */
  setWord(w: number, value: number | Bitmap): void {
    this.checkWord(w);
    for (let n = 0; n < this.parts; n++) {
      this.setPart(w * this.parts + n, typeof value === 'number' ? (n === 0 ? value : 0) : value.part(n));
    }
  }

  /** One plain load of word `w`: whether no bit is set. */
  isWordEmpty(w: number): boolean {
    this.checkWord(w);
    for (let n = 0; n < this.parts; n++) if (this.part(w * this.parts + n) !== 0) return false;
    return true;
  }

  /** One plain load of word `w` into word `at` of another bitmap: a register, unless told. */
  loadWord(w: number, into: Bitmap, at = 0): void {
    this.checkWord(w);
    into.checkWord(at);
    for (let n = 0; n < this.parts; n++) into.setPart(at * this.parts + n, this.part(w * this.parts + n));
  }

  /** Atomic `xchg` of word `w` with a register. */
  xchgWord(w: number, register: Bitmap): void {
    this.checkWord(w);
    for (let n = 0; n < this.parts; n++) {
      const old = this.part(w * this.parts + n);
      this.setPart(w * this.parts + n, register.part(n));
      register.setPart(n, old);
    }
  }

  /** Atomic `fetch_andnot` of word `w`: clears the bits that are set in a register, where those stay that were set. */
  fetchAndNotWord(w: number, register: Bitmap): void {
    this.checkWord(w);
    for (let n = 0; n < this.parts; n++) {
      const old = this.part(w * this.parts + n);
      const mask = register.part(n);
      this.setPart(w * this.parts + n, old & ~mask);
      register.setPart(n, old & mask);
    }
  }

  /** Atomic `andnot` of word `w`: clears the bits that are set in word `at` of another bitmap: a register, unless told. */
  andNotWord(w: number, other: Bitmap, at = 0): void {
    this.checkWord(w);
    for (let n = 0; n < this.parts; n++) {
      this.setPart(w * this.parts + n, this.part(w * this.parts + n) & ~other.part(at * this.parts + n));
    }
  }

  /** Atomic `or` of word `w`: sets the bits that are set in a register. */
  orWord(w: number, register: Bitmap): void {
    this.checkWord(w);
    for (let n = 0; n < this.parts; n++) {
      this.setPart(w * this.parts + n, this.part(w * this.parts + n) | register.part(n));
    }
  }

  /** In which word a bit is. */
  wordOf(bit: number): number {
    return (bit / this.bitsPerWord) | 0;
  }

  /** Bits as digits, page 0 first, or by their names: `vcpu0+vcpu1`, or `none`. */
  show(): string {
    if (this.names) return this.names.filter((_, bit) => bit < this.bits && this.has(bit)).join('+') || 'none';
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
        const stored = typeof value === 'number' ? value : (value as Bitmap).word(0);
        return { place: w as number, value: lowest(Math.min(this.bitsPerWord, this.bits), stored) };
      },
      load: (w) => this.word(w) >>> 0,
      store: (w, value) => this.setWord(w, value),
    };
  }

  protected check(bit: number): void {
    if (!(bit >= 0 && bit < this.bits)) refuseBit(this, bit);
  }

  protected checkWord(w: number): void {
    if (!(w >= 0 && w < this.words)) refuseWord(this, w);
  }
}

/** These two are apart from the checks, which are small enough then for V8 to put them wherever they are called. */
function refuseBit({ name, bits }: Bitmap, bit: number): never {
  throw new ModelFault(`${name} has bits 0 to ${bits - 1}, not ${bit}`);
}

function refuseWord({ name, words }: Bitmap, w: number): never {
  throw new ModelFault(`${name} has words 0 to ${words - 1}, not ${w}`);
}

const bitmapKinds = {
  has: 'load',
  word: 'load',
  isWordEmpty: 'load',
  loadWord: 'load',
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
  andNotWord: 'rmw',
  orWord: 'rmw',
  setWord: 'store',
  copyFrom: 'store',
  orFrom: 'rmw',
  andNotFrom: 'rmw',
  fill: 'store',
} as const satisfies Record<string, AccessKind>;

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

/**
 * All bits of another bitmap, for a bulk operation of one.
 * @throws PrecopyError `BAD_DESIGN` where it is stored in another number of words
 */
export function allOf<B extends Bitmap>(other: Bitmap, one: B): B['all'] {
  const { all } = other;
  if (wordsIn(all) === wordsIn(one.all)) return all;
  const cause = `${one.name} has ${one.bits} bits, and ${other.name} has ${other.bits}`;
  throw new PrecopyError('BAD_DESIGN', cause, 'give both the same size: one operation takes all bits of both');
}

/** Where all are one number, they are less than a word. */
const wordsIn = (all: Bitmap['all']): number => (typeof all === 'number' ? 0 : all.length);
