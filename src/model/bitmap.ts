import type { AccessKind, Cell, PlainStore } from './cell.ts';
import { ModelFault, PrecopyError } from './errors.ts';
import { describeValue, isIndexUpTo } from './values.ts';

/**
 * A bitmap as in the kernel: words of up to 64 bits that one instruction loads, stores or exchanges. Each locked
 * instruction of a processor (`set`, `xchgWord`) is one operation. A bulk operation on many words (`copyFrom`, `fill`)
 * is faithful only where no other actor can access the bitmap at the same time.
 *
 * A JavaScript number cannot hold a word of 64 bits. So operations on words exchange them with another bitmap, the
 * register.
 * @example
 * const isClean = (log: Bitmap): boolean => log.isEmpty();
 */
export abstract class Bitmap implements Cell {
  /**
   * all bits, for a bulk operation of another bitmap of the same size
   * @hidden
   */
  abstract readonly all: number | Int32Array;
  /** number of words */
  readonly words: number;
  /** number of limbs (at most 32 bits, what a number holds) of a word */
  private readonly limbsPerWord: number;
  /**
   * names of the bits, which `show` prints instead of digits
   * @hidden
   */
  names: readonly string[] | undefined;
  constructor(
    readonly name: string,
    /** number of bits */
    readonly bits: number,
    /** number of bits that one load, store or `xchg` moves */
    readonly bitsPerWord: number,
    readonly initial: 'clear' | 'set',
  ) {
    this.words = Math.ceil(bits / bitsPerWord);
    this.limbsPerWord = bits > 32 && bitsPerWord > 32 ? 2 : 1;
    this.names = undefined;
  }

  /** Returns limb `n` of all limbs of all words. */
  protected abstract limb(n: number): number;
  protected abstract setLimb(n: number, value: number): void;

  /** One plain load. Returns whether a bit is set. */
  abstract has(bit: number): boolean;
  /** Atomic `set_bit`. */
  abstract set(bit: number): void;
  /** Atomic `clear_bit`. */
  abstract clear(bit: number): void;
  /** Bulk load. Returns whether no bit is set. */
  abstract isEmpty(): boolean;
  /** Bulk load. Returns the number of set bits. */
  abstract count(): number;
  /** Bulk load. Returns the lowest set bit at or above `from`, or -1. */
  abstract first(from?: number): number;
  /** Bulk store: copies all bits of a bitmap of the same size. */
  abstract copyFrom(other: Bitmap): void;
  /** Bulk read-modify-write: sets the bits that a bitmap of the same size has set. */
  abstract orFrom(other: Bitmap): void;
  /** Bulk read-modify-write: clears the bits that a bitmap of the same size has set. */
  abstract andNotFrom(other: Bitmap): void;
  /** Bulk load. Returns whether all bits are set that a bitmap of the same size has set. */
  abstract contains(other: Bitmap): boolean;
  /** Bulk load. Returns whether a bitmap of the same size has the same bits set. */
  abstract equals(other: Bitmap): boolean;
  /** Bulk store: sets or clears all bits. */
  abstract fill(value: boolean): void;

  /** Atomic `test_and_clear_bit`. Returns whether the bit was set. */
  testAndClear(bit: number): boolean {
    const was = this.has(bit);
    this.clear(bit);
    return was;
  }

  /** Atomic `test_and_set_bit`. Returns whether the bit was set. */
  testAndSet(bit: number): boolean {
    const was = this.has(bit);
    this.set(bit);
    return was;
  }

  /**
   * One plain load of word `w`.
   * @throws ModelFault if words have more than 32 bits
   */
  word(w: number): number {
    this.checkWord(w);
    if (this.limbsPerWord > 1)
      throw new ModelFault(`${this.name} has words of ${this.bitsPerWord} bits, more than a number holds`);
    return this.limb(w);
  }

  /**
   * One plain store of a number, or of a register (the first word of another bitmap), to word `w`.
   * @throws ModelFault if the word does not hold all bits of the value
   */
  setWord(w: number, value: number | Bitmap): void {
    this.checkWord(w);
    if (typeof value === 'number') {
      this.checkValue(w, value);
      this.setLimb(w * this.limbsPerWord, value);
      if (this.limbsPerWord > 1) this.setLimb(w * 2 + 1, 0);
      return;
    }
    this.checkOperand(value);
    for (let n = 0; n < this.limbsPerWord; n++) this.checkLimb(w, n, value.limb(n));
    for (let n = 0; n < this.limbsPerWord; n++) this.setLimb(w * this.limbsPerWord + n, value.limb(n));
  }

  /** One plain load of word `w`. Returns whether no bit of it is set. */
  isWordEmpty(w: number): boolean {
    this.checkWord(w);
    for (let n = 0; n < this.limbsPerWord; n++) if (this.limb(w * this.limbsPerWord + n) !== 0) return false;
    return true;
  }

  /** One plain load of word `w` into word `at` of another bitmap, by default a register. */
  loadWord(w: number, into: Bitmap, at = 0): void {
    this.checkWord(w);
    this.checkOperand(into);
    into.checkWord(at);
    for (let n = 0; n < this.limbsPerWord; n++) into.checkLimb(at, n, this.limb(w * this.limbsPerWord + n));
    for (let n = 0; n < this.limbsPerWord; n++)
      into.setLimb(at * this.limbsPerWord + n, this.limb(w * this.limbsPerWord + n));
  }

  /** Atomic `xchg` of word `w` with a register. */
  xchgWord(w: number, register: Bitmap): void {
    this.checkWord(w);
    this.checkOperand(register);
    for (let n = 0; n < this.limbsPerWord; n++) {
      this.checkLimb(w, n, register.limb(n));
      register.checkLimb(0, n, this.limb(w * this.limbsPerWord + n));
    }
    for (let n = 0; n < this.limbsPerWord; n++) {
      const old = this.limb(w * this.limbsPerWord + n);
      this.setLimb(w * this.limbsPerWord + n, register.limb(n));
      register.setLimb(n, old);
    }
  }

  /**
   * Atomic `fetch_andnot` of word `w`: clears the bits that a register has set. The register keeps those that were set.
   */
  fetchAndNotWord(w: number, register: Bitmap): void {
    this.checkWord(w);
    this.checkOperand(register);
    for (let n = 0; n < this.limbsPerWord; n++) {
      const old = this.limb(w * this.limbsPerWord + n);
      const mask = register.limb(n);
      this.setLimb(w * this.limbsPerWord + n, old & ~mask);
      register.setLimb(n, old & mask);
    }
  }

  /**
   * Atomic `andnot` of word `w`: clears the bits that are set in word `at` of another bitmap, by default a register.
   */
  andNotWord(w: number, other: Bitmap, at = 0): void {
    this.checkWord(w);
    this.checkOperand(other);
    other.checkWord(at);
    for (let n = 0; n < this.limbsPerWord; n++) {
      this.setLimb(
        w * this.limbsPerWord + n,
        this.limb(w * this.limbsPerWord + n) & ~other.limb(at * this.limbsPerWord + n),
      );
    }
  }

  /** Atomic `or` of word `w`: sets the bits that a register has set. */
  orWord(w: number, register: Bitmap): void {
    this.checkWord(w);
    this.checkOperand(register);
    for (let n = 0; n < this.limbsPerWord; n++) this.checkLimb(w, n, register.limb(n));
    for (let n = 0; n < this.limbsPerWord; n++) {
      this.setLimb(w * this.limbsPerWord + n, this.limb(w * this.limbsPerWord + n) | register.limb(n));
    }
  }

  /** Returns the index of the word that has a bit. It accesses no memory. */
  wordOf(bit: number): number {
    this.check(bit);
    return (bit / this.bitsPerWord) | 0;
  }

  /** Bulk load. Returns the bits as digits, bit 0 first, or the names of the set bits: `vcpu0+vcpu1`, `none`. */
  show(): string {
    if (this.names) return this.names.filter((_, bit) => bit < this.bits && this.has(bit)).join('+') || 'none';
    const digits: string[] = [];
    for (let bit = 0; bit < Math.min(this.bits, 64); bit++) digits.push(this.has(bit) ? '1' : '0');
    return this.bits > 64 ? `${digits.join('')}…` : digits.join('');
  }

  /** Bulk store: assigns the declared initial value. */
  reset(): void {
    this.fill(this.initial === 'set');
  }

  /** @hidden */
  get kinds(): Readonly<Record<string, AccessKind>> {
    return bitmapKinds;
  }

  /** @hidden */
  get plainStore(): PlainStore {
    return {
      operation: 'setWord',
      entry: (w, value) => {
        this.checkWord(w as number);
        const stored = typeof value === 'number' ? value : this.checkOperand(value as Bitmap).word(0);
        this.checkValue(w as number, stored);
        return { word: w as number, value: lowest(Math.min(this.bitsPerWord, this.bits), stored) };
      },
      load: (w) => this.word(w) >>> 0,
      store: (w, value) => this.setWord(w, value),
    };
  }

  protected check(bit: number): void {
    if (!isIndexUpTo(this.bits - 1, bit)) throwNoBit(this, bit);
  }

  /** Checks where a search for a set bit begins: at any bit, or behind the last one. */
  protected checkFrom(bit: number): void {
    if (!isIndexUpTo(maxFrom, bit)) throwNoBit(this, bit);
  }

  protected checkWord(w: number): void {
    if (!isIndexUpTo(this.words - 1, w)) throwNoWord(this, w);
  }

  protected checkFill(value: boolean): void {
    if (value !== true && value !== false) throwNoTruth(this, value);
  }

  /** Checks that word `w` holds all bits of a number. One with 32 bits or more may be given as a signed number. */
  private checkValue(w: number, value: number): void {
    const width = Math.min(this.bitsPerWord, this.bits - w * this.bitsPerWord);
    if (width < 32 ? value >>> 0 !== value || value >>> width !== 0 : value >>> 0 !== value && (value | 0) !== value)
      throwNoValue(this, w, width, value);
  }

  /**
   * Checks a register, whose words must be as wide as those of this bitmap: up to 32 bits, or more.
   * @throws PrecopyError `BAD_DESIGN`
   */
  private checkOperand(other: Bitmap): Bitmap {
    if (other?.limbsPerWord !== this.limbsPerWord) throwNoOperand(this, other);
    return other;
  }

  /** Checks that limb `n` of word `w` has all bits of a value: a store must not lose one. */
  private checkLimb(w: number, n: number, value: number): void {
    const width = Math.min(this.bitsPerWord, this.bits - w * this.bitsPerWord) - 32 * n;
    if (width < 32 && (width > 0 ? value >>> width : value) !== 0) throwLostBits(this, w);
  }
}

/** Functions of their own keep the checks small enough for V8 to inline. */
function throwNoBit({ name, bits }: Bitmap, bit: unknown): never {
  throw new ModelFault(`${name} has bits 0 to ${bits - 1}, not ${describeValue(bit)}`);
}

function throwNoWord({ name, words }: Bitmap, w: unknown): never {
  throw new ModelFault(`${name} has words 0 to ${words - 1}, not ${describeValue(w)}`);
}

function throwNoTruth({ name }: Bitmap, value: unknown): never {
  throw new ModelFault(`${name} is filled with true or false, not ${describeValue(value)}`);
}

function throwNoValue({ name }: Bitmap, w: number, width: number, value: unknown): never {
  throw new ModelFault(`word ${w} of ${name} holds ${width} bits and cannot become ${describeValue(value)}`);
}

function throwLostBits({ name }: Bitmap, w: number): never {
  throw new ModelFault(`word ${w} of ${name} has fewer bits than are stored in it`);
}

function throwNoOperand({ name, bits, bitsPerWord }: Bitmap, other: unknown): never {
  const given = other as Partial<Bitmap> | null | undefined;
  const found = typeof given?.bits === 'number' ? `${given.name} with ${given.bits} bits` : describeValue(other);
  throw new PrecopyError(
    'BAD_DESIGN',
    `${name} exchanges words of ${Math.min(bits, bitsPerWord)} bits, and is given ${found}`,
    'give it a bitmap whose words have as many bits',
  );
}

const maxFrom = 0xffffffff;

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

/** Returns the lowest bits of a value, as an unsigned number. */
function lowest(bits: number, value: number): number {
  return (bits >= 32 ? value : value & ((1 << bits) - 1)) >>> 0;
}

/** Returns the number of set bits of a word (Hacker's Delight, section 5-1). */
export function bitCount(word: number): number {
  let pairs = word - ((word >>> 1) & 0x55555555);
  pairs = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((pairs + (pairs >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/**
 * Returns all bits of another bitmap, for a bulk operation of `one`.
 * @throws PrecopyError `BAD_DESIGN` if the other bitmap has another number of bits
 */
export function allOf<B extends Bitmap>(other: Bitmap, one: B): B['all'] {
  checkSameSize(one, other);
  return other.all;
}

/** @throws PrecopyError `BAD_DESIGN` unless both are bitmaps with the same number of bits */
export function checkSameSize(one: Bitmap, other: Bitmap): void {
  if (other?.bits === one.bits) return;
  const found =
    typeof other?.bits === 'number' ? `${other.name} has ${other.bits}` : `is given ${describeValue(other)}`;
  const cause = `${one.name} has ${one.bits} bits, and ${found}`;
  throw new PrecopyError('BAD_DESIGN', cause, 'declare both with the same number of bits');
}

/**
 * Returns the number of bits of a limb of a bitmap whose bits take several words of the state.
 * @throws PrecopyError `BAD_DESIGN` unless words fit into words of the state, or take two of them
 */
export function limbBitsOf(name: string, bitsPerWord: number): number {
  if (32 % bitsPerWord !== 0 && bitsPerWord !== 64) {
    throw new PrecopyError('BAD_DESIGN', `${name} has words of ${bitsPerWord} bits`, 'choose a divisor of 32, or 64');
  }
  return Math.min(32, bitsPerWord);
}
