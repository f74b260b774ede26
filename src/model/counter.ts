import { type BitField, maskOf } from './bit-field.ts';
import type { AccessKind, Cell, PlainStore } from './cell.ts';
import { ModelFault } from './errors.ts';
import { describeValue, isIndexUpTo } from './values.ts';

/**
 * A number from 0 to `max`, in one bit field.
 * @example
 * const isTaken = (holder: Counter, nobody: number): boolean => holder.get() !== nobody;
 */
export class Counter implements Cell {
  private readonly words: Int32Array;
  private readonly at: number;
  private readonly shift: number;
  private readonly mask: number;
  constructor(
    words: Int32Array,
    field: BitField,
    readonly name: string,
    /** maximum value */
    readonly max: number,
    readonly initial: number,
    /** texts that `show` prints instead of the values 0 to `max - 1`; it prints `nobody` for `max` */
    readonly names?: readonly string[],
  ) {
    this.words = words;
    this.at = field.at;
    this.shift = field.shift;
    this.mask = maskOf(field);
  }

  /** One plain load. Returns the value. */
  get(): number {
    return (this.words[this.at] >>> this.shift) & this.mask;
  }

  /**
   * Returns whether `marked` is 1 at the value.
   * @hidden
   */
  isAmong(marked: Uint8Array): boolean {
    return marked[this.get()] === 1;
  }

  /**
   * One plain store.
   * @throws ModelFault if the value is no integer from 0 to `max`
   */
  set(value: number): void {
    this.check(value);
    const word = this.words[this.at];
    this.words[this.at] = (word & ~(this.mask << this.shift)) | (value << this.shift);
  }

  /** Atomic `xchg`. Returns the old value. */
  xchg(value: number): number {
    const old = this.get();
    this.set(value);
    return old;
  }

  /** Atomic `cmpxchg`: stores `value` if the cell holds `expected`. Returns the old value. */
  cmpxchg(expected: number, value: number): number {
    this.check(expected);
    this.check(value);
    const old = this.get();
    if (old === expected) this.set(value);
    return old;
  }

  /** One plain load. Returns the value as a trace prints it. */
  show(): string {
    const value = this.get();
    if (this.names === undefined) return String(value);
    return value === this.max ? 'nobody' : this.names[value];
  }

  /** One plain store of the declared initial value. */
  reset(): void {
    this.set(this.initial);
  }

  /** @hidden */
  get kinds(): Readonly<Record<string, AccessKind>> {
    return counterKinds;
  }

  /** @hidden */
  get plainStore(): PlainStore {
    return {
      operation: 'set',
      entry: (value) => {
        this.check(value as number);
        return { word: 0, value: value as number };
      },
      load: () => this.get(),
      store: (_, value) => this.set(value),
    };
  }

  protected check(value: number): void {
    if (!isIndexUpTo(this.max, value)) throwOutOfRange(this, value);
  }
}

/** A function of its own keeps `check` small enough for V8 to inline. */
function throwOutOfRange({ name, max }: Counter, value: unknown): never {
  throw new ModelFault(`${name} is 0 to ${max} and cannot become ${describeValue(value)}`);
}

const counterKinds = { get: 'load', set: 'store', xchg: 'rmw', cmpxchg: 'rmw' } as const;

/**
 * A truth value, in one bit.
 * @example
 * const isRaised = (flag: Bit): boolean => flag.get();
 */
export class Bit implements Cell {
  /**
   * the number that holds it
   * @hidden
   */
  readonly counter: Counter;
  constructor(counter: Counter) {
    this.counter = counter;
  }

  /** @hidden */
  get name(): string {
    return this.counter.name;
  }

  /** One plain load. Returns the value. */
  get(): boolean {
    return this.counter.get() !== 0;
  }

  /**
   * One plain store.
   * @throws ModelFault if the value is neither true nor false
   */
  set(value: boolean): void {
    this.counter.set(numberOf(this, value));
  }

  /** One plain load. Returns the value as a trace prints it: `0` or `1`. */
  show(): string {
    return this.get() ? '1' : '0';
  }

  /** One plain store of the declared initial value. */
  reset(): void {
    this.counter.reset();
  }

  /** @hidden */
  get kinds(): Readonly<Record<string, AccessKind>> {
    return bitKinds;
  }

  /** @hidden */
  get plainStore(): PlainStore {
    return { ...this.counter.plainStore, entry: (value) => ({ word: 0, value: numberOf(this, value) }) };
  }
}

function numberOf(bit: Bit, value: unknown): number {
  if (value === true) return 1;
  return value === false ? 0 : throwNoTruth(bit, value);
}

function throwNoTruth({ name }: Bit, value: unknown): never {
  throw new ModelFault(`${name} is true or false and cannot become ${describeValue(value)}`);
}

const bitKinds = { get: 'load', set: 'store' } as const;
