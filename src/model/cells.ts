import type { Bitmap } from './bitmap.ts';
import { ModelFault, PrecopyError } from './errors.ts';
import { HierarchicalBitmap, levelsOf } from './hierarchical-bitmap.ts';
import { UnpackedBitmap } from './instrumented-bitmap.ts';
import { MultiWordBitmap } from './multi-word-bitmap.ts';
import { Queue } from './queue.ts';
import { SingleWordBitmap } from './single-word-bitmap.ts';
import { type BitField, type Layout, widthOf } from './state-layout.ts';

/** What an operation does to memory: engines and the footprint test know an access by this. */
export type AccessKind = 'load' | 'store' | 'rmw';

/** One typed place of memory. `show` prints its value for a trace; `kinds` names its operations and what each does to memory. */
export interface Cell {
  readonly name: string;
  readonly kinds: Readonly<Record<string, AccessKind>>;
  show(): string;
  /** Puts the declared initial value. */
  reset(): void;
  /** The operation that is one plain store, where there is one: what a store buffer holds back. */
  readonly plainStore?: PlainStore;
}

/** One plain store, such as a `mov` to memory, to one of the places of a cell: the cell itself, or a word of a bitmap. */
export interface PlainStore {
  /** the operation of the cell */
  readonly operation: string;
  /**
   * Where a call of the operation stores, and what.
   * @throws ModelFault for what the operation refuses
   */
  entry(...args: readonly unknown[]): { readonly place: number; readonly value: number };
  load(place: number): number;
  store(place: number, value: number): void;
}

/** A declared cell, before a system lays it out. */
export interface CellSpec<C extends Cell = Cell> {
  /** What it returns makes the cell; `actors` are the names of all actors, for cells that show them. */
  place(layout: Layout): (words: Int32Array, name: string, actors: readonly string[]) => C;
  /** Which plain stores it takes: to how many places, and the greatest value; none unless told. */
  readonly plainStores?: { readonly places: number; readonly max: number };
}

/** A number from 0 to `max`. */
export class Counter implements Cell {
  private readonly words: Int32Array;
  private readonly at: number;
  private readonly shift: number;
  private readonly mask: number;
  constructor(
    words: Int32Array,
    slot: { at: number; shift: number; width: number },
    readonly name: string,
    readonly max: number,
    readonly initial: number,
    /** what to show in place of values; of one that is not among them, nobody */
    private readonly names?: readonly string[],
  ) {
    this.words = words;
    this.at = slot.at;
    this.shift = slot.shift;
    this.mask = slot.width === 32 ? -1 : (1 << slot.width) - 1;
  }

  get(): number {
    return (this.words[this.at] >>> this.shift) & this.mask;
  }

  set(value: number): void {
    this.check(value);
    const word = this.words[this.at];
    this.words[this.at] = (word & ~(this.mask << this.shift)) | (value << this.shift);
  }

  /** Atomic `xchg`: the old value. */
  xchg(value: number): number {
    const old = this.get();
    this.set(value);
    return old;
  }

  /** Atomic `cmpxchg`: the old value; the new one is `value` if that was `expected`. */
  cmpxchg(expected: number, value: number): number {
    const old = this.get();
    if (old === expected) this.set(value);
    return old;
  }

  show(): string {
    const value = this.get();
    if (this.names === undefined) return String(value);
    return value === this.max ? 'nobody' : this.names[value];
  }

  reset(): void {
    this.set(this.initial);
  }

  get kinds(): Readonly<Record<string, AccessKind>> {
    return counterKinds;
  }

  get plainStore(): PlainStore {
    return {
      operation: 'set',
      entry: (value) => {
        this.check(value as number);
        return { place: 0, value: value as number };
      },
      load: () => this.get(),
      store: (_, value) => this.set(value),
    };
  }

  private check(value: number): void {
    if (!(value >= 0 && value <= this.max)) refuse(this, value);
  }
}

/** Apart from the check, which is small enough then for V8 to put it wherever it is called. */
function refuse({ name, max }: Counter, value: number): never {
  throw new ModelFault(`${name} is 0 to ${max} and cannot become ${value}`);
}

const counterKinds = { get: 'load', set: 'store', xchg: 'rmw', cmpxchg: 'rmw' } as const;

/** A truth value. */
export class Bit implements Cell {
  private readonly counter: Counter;
  constructor(counter: Counter) {
    this.counter = counter;
  }

  get name(): string {
    return this.counter.name;
  }

  get(): boolean {
    return this.counter.get() !== 0;
  }

  set(value: boolean): void {
    this.counter.set(value ? 1 : 0);
  }

  show(): string {
    return this.get() ? '1' : '0';
  }

  reset(): void {
    this.counter.reset();
  }

  get kinds(): Readonly<Record<string, AccessKind>> {
    return bitKinds;
  }

  get plainStore(): PlainStore {
    return { ...this.counter.plainStore, entry: (value) => ({ place: 0, value: value ? 1 : 0 }) };
  }
}

const bitKinds = { get: 'load', set: 'store' } as const;

/** A truth value; `initial` is false unless told. */
export const bit = (initial = false): CellSpec<Bit> => ({
  place(layout) {
    const slot = layout.field(1);
    return (words, name) => new Bit(new Counter(words, slot, name, 1, initial ? 1 : 0));
  },
  plainStores: { places: 1, max: 1 },
});

/** A number from 0 to `max` (at most 2^31 - 1); `initial` is 0 unless told. */
export const counter = (max: number, initial = 0): CellSpec<Counter> => ({
  place(layout) {
    if (max > 0x7fffffff) {
      throw new PrecopyError('BAD_DESIGN', `a number up to ${max}`, 'a cell holds numbers up to 2^31 - 1');
    }
    const slot = layout.field(widthOf(max));
    return (words, name) => new Counter(words, slot, name, max, initial);
  },
  plainStores: { places: 1, max },
});

/** A number from 0 to `size - 1`: a place in something of that size. */
export const index = (size: number, initial = 0): CellSpec<Counter> => counter(Math.max(0, size - 1), initial);

/** An actor, by its number, or nobody, which is what it is at first: in actions `actors.nobody`. No more than that where there are 0 actors. */
export const actor = (actors: number): CellSpec<Counter> => ({
  ...counter(actors),
  place(layout) {
    const slot = layout.field(widthOf(actors));
    return (words, name, names) => new Counter(words, slot, name, actors, actors, names);
  },
});

export interface BitmapOptions {
  /** How many bits one load, store or xchg moves: 1 to 32, or 64; 32 unless told. */
  readonly bitsPerWord?: number;
  /** All bits clear unless told. */
  readonly initial?: 'clear' | 'set';
  /** Seldom looked at: at the size of a real guest it does not lie between the bitmaps that each write of the guest looks at. */
  readonly apart?: boolean;
}

/** Above that a bitmap finds what is set in it without a look at every word. */
const mostBitsInBlock = 1024;

/** A bitmap of the size of a real guest, whatever its size is: what `bitmap` is for many bits. */
export const treeBitmap = (
  bits: number,
  { bitsPerWord = 32, initial = 'clear', apart = false }: BitmapOptions = {},
): CellSpec<Bitmap> => ({
  place(layout) {
    const levels = levelsOf(bits).map((words) => layout.column(words, apart));
    const total = layout.block(1);
    return (words, name) => new HierarchicalBitmap(words, { levels, total }, name, bits, bitsPerWord, initial);
  },
});

/** `bits` bits that are read and written one by one or a word at a time, like `unsigned long *dirty_bitmap`. */
export const bitmap = (bits: number, options: BitmapOptions = {}): CellSpec<Bitmap> => ({
  place(layout) {
    const { bitsPerWord = 32, initial = 'clear' } = options;
    if (bits <= 32) {
      const slot = layout.bits(bits);
      const Kind = slot.areApart ? UnpackedBitmap : SingleWordBitmap;
      return (words, name) => new Kind(words, slot, name, bits, bitsPerWord, initial);
    }
    if (bits > mostBitsInBlock) return treeBitmap(bits, options).place(layout);
    const block = layout.block(Math.ceil(bits / 32));
    return (words, name) => new MultiWordBitmap(words, block.at, name, bits, bitsPerWord, initial);
  },
  ...(Math.min(bits, options.bitsPerWord ?? 32) <= 32 && {
    plainStores: {
      places: Math.ceil(bits / (options.bitsPerWord ?? 32)),
      max: 2 ** Math.min(bits, options.bitsPerWord ?? 32) - 1,
    },
  }),
});

/** A set of actors, by their number: of the first so many. */
export const actorSet = (actors: number, initial: 'clear' | 'set' = 'clear'): CellSpec<Bitmap> => {
  const bits = bitmap(actors, { initial });
  return {
    ...bits,
    place(layout) {
      const make = bits.place(layout);
      return (words, name, names) => Object.assign(make(words, name, names), { names });
    },
  };
};

/** First in, first out: at most `capacity` numbers below `size`. */
export const queue = (capacity: number, size: number): CellSpec<Queue> => ({
  place(layout) {
    const { length, items } = placeQueue(layout, capacity, size);
    return (words, name) => new Queue(words, name, size, length, items);
  },
});

/** First in, first out: at most `capacity` of so many actors. */
export const actorQueue = (capacity: number, actors: number): CellSpec<Queue> => ({
  place(layout) {
    const { length, items } = placeQueue(layout, capacity, actors);
    return (words, name, names) => new Queue(words, name, actors, length, items, names);
  },
});

function placeQueue(
  layout: Layout,
  capacity: number,
  size: number,
): { readonly length: BitField; readonly items: BitField[] } {
  return {
    length: layout.field(widthOf(capacity)),
    items: Array.from({ length: capacity }, () => layout.field(widthOf(Math.max(0, size - 1)))),
  };
}
