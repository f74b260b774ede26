import type { Bitmap } from '../../src/model/bitmap.ts';
import type { Cell } from '../../src/model/cell.ts';
import type { Bit, Counter } from '../../src/model/counter.ts';
import type { CellSpec } from '../../src/model/declare.ts';
import { ModelFault } from '../../src/model/errors.ts';
import type { Queue } from '../../src/model/queue.ts';
import { Layout } from '../../src/model/state-layout.ts';

/** Places cells in one state, as a system does, and resets them. */
export function place<C extends Cell>(...specs: readonly CellSpec<C>[]): { state: Int32Array; cells: C[] } {
  return placeIn(new Layout(), specs);
}

/** Places cells in a layout, and resets them. */
export function placeIn<C extends Cell>(
  layout: Layout,
  specs: readonly CellSpec<C>[],
): { state: Int32Array; cells: C[] } {
  const actors = ['actor0', 'actor1', 'actor2'];
  const make = specs.map((spec) => spec.place(layout, actors.length));
  const state = layout.seal();
  const cells = make.map((one, n) => one(state, `cell${n}`, actors));
  for (const cell of cells) cell.reset();
  return { state, cells };
}

/** A cell and its sequential specification. Each operation is that of the cell and that of the specification. */
export interface SpecifiedCell {
  readonly cell: Cell;
  readonly operations: Readonly<Record<string, readonly [real: Operation, model: Operation]>>;
  /** contents of the cell, and those of the specification */
  readonly contents: () => readonly [real: unknown, model: unknown];
  /** writes the contents of the specification to another cell of the same kind */
  readonly copyTo: (cell: never) => void;
}
type Operation = (a: number, b: number) => unknown;

/** Returns the result of an operation, or that it is a fault of the model. Rethrows any other error. */
export function outcome(operation: () => unknown): { readonly value: unknown } | 'fault' {
  try {
    return { value: operation() };
  } catch (error) {
    if (error instanceof ModelFault) return 'fault';
    throw error;
  }
}

function demand(condition: boolean): void {
  if (!condition) throw new ModelFault('the specification does not allow this');
}

/** A counter is a variable that refuses what is out of its range. */
export function counterWithSpec(cell: Counter, max: number, initial: number): SpecifiedCell {
  let value = initial;
  return {
    cell,
    operations: {
      get: [() => cell.get(), () => value],
      set: [
        (a) => cell.set(a),
        (a) => {
          demand(a >= 0 && a <= max);
          value = a;
        },
      ],
      reset: [
        () => cell.reset(),
        () => {
          value = initial;
        },
      ],
    },
    contents: () => [cell.show(), String(value)],
    copyTo: (other: Counter) => other.set(value),
  };
}

/** A bit is a truth value. */
export function bitWithSpec(cell: Bit, initial: boolean): SpecifiedCell {
  let value = initial;
  return {
    cell,
    operations: {
      get: [() => cell.get(), () => value],
      set: [
        (a) => cell.set(a % 2 !== 0),
        (a) => {
          value = a % 2 !== 0;
        },
      ],
      reset: [
        () => cell.reset(),
        () => {
          value = initial;
        },
      ],
    },
    contents: () => [cell.show(), value ? '1' : '0'],
    copyTo: (other: Bit) => other.set(value),
  };
}

/** A bitmap is a set of numbers; `other` is a bitmap of the same size, for the operations on two. */
export function bitmapWithSpec(
  cell: Bitmap,
  members: Set<number>,
  other: { readonly cell: Bitmap; readonly members: Set<number> },
): SpecifiedCell {
  const { bits, bitsPerWord } = cell;
  const initial = [...members];
  const inWord = (w: number): number[] => {
    demand(w >= 0 && w < Math.ceil(bits / bitsPerWord));
    const first = w * bitsPerWord;
    return Array.from({ length: Math.min(bitsPerWord, bits - first) }, (_, n) => first + n);
  };
  const valid = (bit: number): number => {
    demand(bit >= 0 && bit < bits);
    return bit;
  };
  const word = (w: number): number => inWord(w).reduce((sum, bit, n) => sum + (members.has(bit) ? 2 ** n : 0), 0);
  const setWord = (w: number, value: number): void => {
    for (const [n, bit] of inWord(w).entries()) {
      if (Math.floor((value >>> 0) / 2 ** n) % 2 === 1) members.add(bit);
      else members.delete(bit);
    }
  };
  /** indices of the set bits of a word */
  const held = (w: number): number[] => inWord(w).flatMap((bit, n) => (members.has(bit) ? [n] : []));
  const put = (w: number, indices: readonly number[]): void => {
    demand(indices.every((n) => n < inWord(w).length));
    for (const [n, bit] of inWord(w).entries()) {
      if (indices.includes(n)) members.add(bit);
      else members.delete(bit);
    }
  };
  /** indices of the set bits of the first word of the other bitmap */
  const register = (): number[] => inWord(0).flatMap((bit) => (other.members.has(bit) ? [bit] : []));
  const setRegister = (indices: readonly number[]): void => {
    for (const bit of inWord(0)) {
      if (indices.includes(bit)) other.members.add(bit);
      else other.members.delete(bit);
    }
  };
  const replace = (by: Iterable<number>): void => {
    const all = [...by];
    members.clear();
    for (const bit of all) members.add(bit);
  };
  /** the bits of a value that the word has */
  const fitting = (w: number, value: number): number => {
    const count = Math.min(bitsPerWord, bits - w * bitsPerWord);
    return count >= 32 || count <= 0 ? value | 0 : value & ((1 << count) - 1);
  };
  const allBits = Array.from({ length: bits }, (_, bit) => bit);
  const lowest = (from: number): number => allBits.find((bit) => bit >= from && members.has(bit)) ?? -1;
  return {
    cell,
    operations: {
      has: [(a) => cell.has(a), (a) => members.has(valid(a))],
      set: [(a) => cell.set(a), (a) => void members.add(valid(a))],
      clear: [(a) => cell.clear(a), (a) => void members.delete(valid(a))],
      testAndClear: [(a) => cell.testAndClear(a), (a) => members.delete(valid(a))],
      word: [
        (a) => cell.word(a) >>> 0,
        (a) => {
          demand(bits <= 32 || bitsPerWord <= 32);
          return word(a);
        },
      ],
      isWordEmpty: [(a) => cell.isWordEmpty(a), (a) => word(a) === 0],
      setWord: [(a, b) => cell.setWord(a, fitting(a, b)), (a, b) => setWord(a, fitting(a, b))],
      setWordFrom: [(a) => cell.setWord(a, other.cell), (a) => put(a, register())],
      loadWord: [(a) => cell.loadWord(a, other.cell), (a) => setRegister(held(a))],
      xchgWord: [
        (a) => cell.xchgWord(a, other.cell),
        (a) => {
          const old = held(a);
          put(a, register());
          setRegister(old);
        },
      ],
      orWord: [(a) => cell.orWord(a, other.cell), (a) => put(a, [...held(a), ...register()])],
      andNotWord: [
        (a) => cell.andNotWord(a, other.cell),
        (a) =>
          put(
            a,
            held(a).filter((bit) => !register().includes(bit)),
          ),
      ],
      testAndSet: [
        (a) => cell.testAndSet(a),
        (a) => {
          const was = members.has(valid(a));
          members.add(a);
          return was;
        },
      ],
      fetchAndNotWord: [
        (a) => cell.fetchAndNotWord(a, other.cell),
        (a) => {
          const taken = held(a).filter((bit) => register().includes(bit));
          put(
            a,
            held(a).filter((bit) => !taken.includes(bit)),
          );
          setRegister(taken);
        },
      ],
      isEmpty: [() => cell.isEmpty(), () => members.size === 0],
      count: [() => cell.count(), () => members.size],
      equals: [
        () => cell.equals(other.cell),
        () => members.size === other.members.size && [...members].every((bit) => other.members.has(bit)),
      ],
      first: [(a) => cell.first(Math.abs(a)), (a) => lowest(Math.abs(a))],
      firstOfAll: [() => cell.first(), () => lowest(0)],
      copyFrom: [() => cell.copyFrom(other.cell), () => replace(other.members)],
      orFrom: [() => cell.orFrom(other.cell), () => replace([...members, ...other.members])],
      andNotFrom: [
        () => cell.andNotFrom(other.cell),
        () => replace([...members].filter((bit) => !other.members.has(bit))),
      ],
      contains: [() => cell.contains(other.cell), () => [...other.members].every((bit) => members.has(bit))],
      fill: [(a) => cell.fill(a % 2 !== 0), (a) => replace(a % 2 !== 0 ? allBits : [])],
      reset: [() => cell.reset(), () => replace(initial)],
    },
    contents: () => [allBits.map((bit) => cell.has(bit)), allBits.map((bit) => members.has(bit))],
    copyTo: (copy: Bitmap) => {
      copy.fill(false);
      for (const bit of members) copy.set(bit);
    },
  };
}

/** A queue is a list that refuses to grow beyond its capacity. */
export function queueWithSpec(cell: Queue, capacity: number, size: number): SpecifiedCell {
  const items: number[] = [];
  return {
    cell,
    operations: {
      push: [
        (a) => cell.push(Math.abs(a) % size),
        (a) => {
          demand(items.length < capacity);
          items.push(Math.abs(a) % size);
        },
      ],
      shift: [
        () => cell.shift(),
        () => {
          demand(items.length > 0);
          return items.shift();
        },
      ],
      peek: [
        () => cell.peek(),
        () => {
          demand(items.length > 0);
          return items[0];
        },
      ],
      has: [
        (a) => cell.has(a),
        (a) => {
          demand(a >= 0 && a < size);
          return items.includes(a);
        },
      ],
      isEmpty: [() => cell.isEmpty(), () => items.length === 0],
      count: [() => cell.count(), () => items.length],
      reset: [
        () => cell.reset(),
        () => {
          items.length = 0;
        },
      ],
    },
    contents: () => [cell.show(), `[${items.join(' ')}]`],
    copyTo: (copy: Queue) => {
      copy.reset();
      for (const item of items) copy.push(item);
    },
  };
}
