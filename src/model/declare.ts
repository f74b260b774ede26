import type { Bitmap } from './bitmap.ts';
import type { Cell } from './cell.ts';
import { Bit, type Counter } from './counter.ts';
import { PrecopyError } from './errors.ts';
import { HierarchicalBitmap, levelsOf } from './hierarchical-bitmap.ts';
import { MultiWordBitmap } from './multi-word-bitmap.ts';
import type { Queue } from './queue.ts';
import type { Layout, QueueFields } from './state-layout.ts';
import { describeValue, isIndexUpTo } from './values.ts';

/**
 * The declaration of a cell. A system places it in the state vector of each instance.
 * @example
 * const memory = ({ pages }) => ({ kvm: shared({ dirtyBitmap: bitmap(pages), lockOwner: actor(3) }) });
 */
export interface CellSpec<C extends Cell = Cell> {
  /**
   * Places the cell. The returned function creates it; `names` are the names of all actors, for cells that print them.
   * @param actors number of actors of the system
   */
  place(layout: Layout, actors: number): (state: Int32Array, name: string, names: readonly string[]) => C;
  /**
   * Returns the number of words that a plain store can write, and the maximum value; undefined if the cell has no plain
   * store.
   */
  readonly plainStores?: (actors: number) => { readonly words: number; readonly max: number };
}

/**
 * Declares a truth value.
 * @example
 * shared({ flag: bit() })
 */
export const bit = (initial = false): CellSpec<Bit> => ({
  place(layout) {
    check('a bit starts with', typeof initial === 'boolean', initial, 'true or false');
    const field = layout.counter(1);
    return (state, name) => new Bit(new field.Counter(state, field, name, 1, initial ? 1 : 0));
  },
  plainStores: () => ({ words: 1, max: 1 }),
});

/**
 * Declares a number from 0 to `max` (at most 2^31 - 1).
 * @example
 * shared({ memslots: counter(1) })
 */
export const counter = (max: number, initial = 0): CellSpec<Counter> => ({
  place(layout) {
    check('a counter has the maximum', isIndexUpTo(maxNumber, max), max, 'an integer from 0 to 2^31 - 1');
    check('a counter starts with', isIndexUpTo(max, initial), initial, `an integer from 0 to ${max}`);
    const field = layout.counter(max);
    return (state, name) => new field.Counter(state, field, name, max, initial);
  },
  plainStores: () => ({ words: 1, max }),
});

/**
 * Declares a number from 0 to `size - 1`: an index of something with `size` entries.
 * @example
 * registers: ({ pages }) => ({ gfn: index(pages) })
 */
export const index = (size: number, initial = 0): CellSpec<Counter> => {
  const spec = counter(Math.max(0, size - 1), initial);
  return {
    ...spec,
    place(layout, actors) {
      check('an index has the size', isIndexUpTo(maxNumber, size), size, 'an integer from 0 to 2^31 - 1');
      return spec.place(layout, actors);
    },
  };
};

/**
 * Declares the id of an actor, or none: `actors.nobody` in actions, which is the initial value. It is as wide as the
 * system: a design with more actors has a wider cell.
 * @param actors number of actors, the first ones of the system, that it can hold; all of them by default
 * @example
 * shared({ owner: actor() })
 */
export const actor = (actors?: number): CellSpec<Counter> => ({
  place(layout, all) {
    const count = actors ?? all;
    checkActors(count);
    const field = layout.counter(count);
    return (state, name, names) => new field.Counter(state, field, name, count, count, names);
  },
  plainStores: (all) => ({ words: 1, max: actors ?? all }),
});

/**
 * Options of `bitmap`.
 * @example
 * const options: BitmapOptions = { bitsPerWord: 64, initial: 'set' };
 */
export interface BitmapOptions {
  /** bits that one load, store or xchg moves: 1 to 32, or 64; default 32 */
  readonly bitsPerWord?: number;
  /** all bits; default clear */
  readonly initial?: 'clear' | 'set';
  /** rarely accessed: a large bitmap is placed apart from the bitmaps that every guest write accesses */
  readonly cold?: boolean;
}

/** Larger bitmaps are hierarchical: they find a set bit without reading every word. */
const maxFlatBits = 1024;

/** Declares a hierarchical bitmap of any size; `bitmap` does so for many bits. */
export const hierarchicalBitmap = (
  bits: number,
  { bitsPerWord = 32, initial = 'clear', cold = false }: BitmapOptions = {},
): CellSpec<Bitmap> => ({
  place(layout) {
    checkBitmap(bits, bitsPerWord, initial);
    const levels = levelsOf(bits).map((words) => layout.column(words, { cold }));
    const total = layout.block(1);
    return (state, name) => new HierarchicalBitmap(state, { levels, total }, name, bits, bitsPerWord, initial);
  },
});

/**
 * Declares a bitmap. Its bits are accessed one by one or a word at a time, like `unsigned long *dirty_bitmap`.
 * @example
 * shared({ dirtyBitmap: bitmap(pages, { bitsPerWord: 64 }) })
 */
export const bitmap = (bits: number, options: BitmapOptions = {}): CellSpec<Bitmap> => ({
  place(layout, actors) {
    const { bitsPerWord = 32, initial = 'clear' } = options;
    checkBitmap(bits, bitsPerWord, initial);
    if (bits <= 32) {
      const field = layout.bitmap(bits);
      return (state, name) => new field.Bitmap(state, field, name, bits, bitsPerWord, initial);
    }
    if (bits > maxFlatBits) return hierarchicalBitmap(bits, options).place(layout, actors);
    const block = layout.block(Math.ceil(bits / 32));
    return (state, name) => new MultiWordBitmap(state, block.at, name, bits, bitsPerWord, initial);
  },
  ...(Math.min(bits, options.bitsPerWord ?? 32) <= 32 && {
    plainStores: () => ({
      words: Math.ceil(bits / (options.bitsPerWord ?? 32)),
      max: 2 ** Math.min(bits, options.bitsPerWord ?? 32) - 1,
    }),
  }),
});

/**
 * Declares a set of actors.
 * @param actors number of actors, the first ones of the system, that it can hold; all of them by default
 * @example
 * shared({ waiters: actorSet(), idle: actorSet(vcpus) })
 */
export const actorSet = (actors?: number, initial: 'clear' | 'set' = 'clear'): CellSpec<Bitmap> => ({
  place(layout, all) {
    const create = bitmap(actors ?? all, { initial }).place(layout, all);
    return (state, name, names) => Object.assign(create(state, name, names), { names });
  },
  plainStores: (all) => ({ words: Math.ceil((actors ?? all) / 32), max: 2 ** Math.min(actors ?? all, 32) - 1 }),
});

/**
 * Declares a FIFO queue of at most `capacity` numbers below `size`.
 * @example
 * registers: ({ pages }) => ({ log: queue(512, pages) })
 */
export const queue = (capacity: number, size: number): CellSpec<Queue> => ({
  place(layout) {
    const { length, items, Queue } = placeQueue(layout, capacity, size);
    return (state, name) => new Queue(state, name, size, length, items);
  },
});

/**
 * Declares a FIFO queue of at most `capacity` actors.
 * @param actors number of actors, the first ones of the system, that it can hold; all of them by default
 * @example
 * registers: (_, { actorsThatTake }) => ({ waiters: actorQueue(actorsThatTake('GRANTED')) })
 */
export const actorQueue = (capacity: number, actors?: number): CellSpec<Queue> => ({
  place(layout, all) {
    const size = actors ?? all;
    const { length, items, Queue } = placeQueue(layout, capacity, size);
    return (state, name, names) => new Queue(state, name, size, length, items, names);
  },
});

function placeQueue(layout: Layout, capacity: number, size: number): QueueFields {
  check(
    'a queue has the capacity',
    isIndexUpTo(maxCapacity, capacity),
    capacity,
    `an integer from 0 to ${maxCapacity}`,
  );
  check('a queue has the size', size === 2 ** 32 || isIndexUpTo(2 ** 32 - 1, size), size, 'an integer from 0 to 2^32');
  return layout.queue(capacity, Math.max(0, size - 1));
}

const maxNumber = 0x7fffffff;
/** Each place of a queue is a field of its own. */
const maxCapacity = 1 << 16;
/** A bitmap of a guest of 16 TiB: half a gigabyte. */
const maxBits = 2 ** 32 - 1;

function checkBitmap(bits: unknown, bitsPerWord: unknown, initial: unknown): void {
  check('a bitmap has the size', isIndexUpTo(maxBits, bits), bits, 'an integer from 0 to 2^32 - 1');
  const isWord = isIndexUpTo(32, bitsPerWord) ? bitsPerWord > 0 : bitsPerWord === 64;
  check('a bitmap has bitsPerWord', isWord, bitsPerWord, 'an integer from 1 to 32, or 64');
  check('a bitmap starts', initial === 'clear' || initial === 'set', initial, "'clear' or 'set'");
}

const checkActors = (actors: unknown): void =>
  check('the number of actors of a cell is', isIndexUpTo(maxNumber, actors), actors, 'an integer from 0 to 2^31 - 1');

/** @throws PrecopyError `BAD_DESIGN` */
function check(what: string, isRight: boolean, value: unknown, expected: string): void {
  if (isRight) return;
  throw new PrecopyError('BAD_DESIGN', `${what} ${describeValue(value)}`, `it has to be ${expected}`);
}
