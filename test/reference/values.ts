import type { CellType } from './specification.ts';

/** The value of a cell: a number, the bits of a bitmap or set, the entries of a queue. Values are never changed. */
export type Value = number | readonly number[];

/** Something that the rules of the model forbid. */
export class Fault extends Error {}

/** Returns the value of a cell at the start. */
export function initialValue(type: CellType): Value {
  switch (type.type) {
    case 'bit':
    case 'counter':
      return type.initial;
    case 'actor':
      return type.actors;
    case 'bitmap':
    case 'actorSet':
      return Array(sizeOf(type)).fill(type.initial === 'set' ? 1 : 0);
    default:
      return [];
  }
}

/** Returns the number of bits of a bitmap, and the number of values of another cell or of its entries. */
function sizeOf(type: CellType): number {
  switch (type.type) {
    case 'bit':
      return 2;
    case 'counter':
      return type.max + 1;
    case 'actor':
      return type.actors + 1;
    case 'bitmap':
      return type.bits;
    case 'queue':
      return type.size;
    default:
      return type.actors;
  }
}

const wordSize = (type: CellType): number => (type.type === 'bitmap' ? type.bitsPerWord : 32);

/** The outcome of an operation: its result, and the new values of the cell and of its operand. */
export interface Outcome {
  readonly result: number;
  readonly value?: Value;
  readonly operand?: Value;
}

/** An operand: a number, or another cell. */
export type Given = number | { readonly value: Value };

/** Returns what an operation of a cell does. */
export function operate(type: CellType, value: Value, operation: string, args: readonly Given[]): Outcome {
  switch (type.type) {
    case 'bit':
      return operateOnNumber(2, value as number, operation, args.map(Number).map(Boolean).map(Number));
    case 'counter':
    case 'actor':
      return operateOnNumber(sizeOf(type), value as number, operation, args as number[]);
    case 'queue':
    case 'actorQueue':
      return operateOnQueue(type.capacity, sizeOf(type), value as number[], operation, args as number[]);
    default:
      return operateOnBits(type, value as number[], operation, args);
  }
}

function operateOnNumber(size: number, value: number, operation: string, [a, b]: readonly number[]): Outcome {
  const store = (next = 0): Outcome => ({ result: value, value: within(size, next) });
  if (operation === 'get') return { result: value };
  if (operation === 'set') return store(a);
  if (operation === 'xchg') return store(a);
  if (operation === 'cmpxchg') {
    within(size, a ?? 0);
    within(size, b ?? 0);
    return value === a ? store(b) : { result: value };
  }
  throw new Error(operation);
}

function within(size: number, value: number): number {
  if (value < 0 || value >= size) throw new Fault('out of range');
  return value;
}

function operateOnQueue(
  capacity: number,
  size: number,
  value: readonly number[],
  operation: string,
  [a = 0]: readonly number[],
): Outcome {
  const nonEmpty = (): number => {
    if (value.length === 0) throw new Fault('empty queue');
    return value[0] as number;
  };
  switch (operation) {
    case 'count':
      return { result: value.length };
    case 'isEmpty':
      return { result: Number(value.length === 0) };
    case 'has':
      return { result: Number(value.includes(a)) };
    case 'peek':
      return { result: nonEmpty() };
    case 'at':
      return { result: value[within(value.length, a)] as number };
    case 'shift':
      return { result: nonEmpty(), value: value.slice(1) };
    case 'push':
      if (value.length === capacity) throw new Fault('full queue');
      return { result: 0, value: [...value, within(size, a)] };
  }
  throw new Error(operation);
}

function operateOnBits(type: CellType, value: readonly number[], operation: string, args: readonly Given[]): Outcome {
  const size = value.length;
  const perWord = wordSize(type);
  const number = (n: number): number => (args[n] ?? 0) as number;
  const other = args.find((arg) => typeof arg === 'object') as { value: number[] } | undefined;
  const withBit = (bit: number, to: number): number[] => value.map((old, n) => (n === bit ? to : old));
  const bit = (): number => within(size, number(0));
  const word = (): number => within(Math.ceil(size / perWord), number(0));
  /** Refuses a word of a bitmap that another one has not all bits for. */
  const mustFit = (from: readonly number[], w: number, into: readonly number[], at: number): void => {
    const word = from.slice(w * perWord, (w + 1) * perWord);
    if (word.some((one, n) => one === 1 && at * perWord + n >= into.length)) throw new Fault('lost bits');
  };
  /** Changes each bit of a word, given the bit of the other bitmap at the same place of word `at`. */
  const changeWord = (w: number, change: (old: number, given: number) => number, at = 0): number[] =>
    value.map((old, n) =>
      Math.floor(n / perWord) === w ? change(old, other?.value[at * perWord + (n - w * perWord)] ?? 0) : old,
    );
  /** Changes each bit of the other bitmap in its word `at`, given the bit of word `w`. Bits that it lacks are lost. */
  const changeOther = (w: number, change: (old: number, given: number) => number, at = 0): number[] =>
    (other as { value: number[] }).value.map((old, n) => {
      const place = n - at * perWord;
      return place >= 0 && place < perWord ? change(old, value[w * perWord + place] ?? 0) : old;
    });
  const sameSize = (): number[] => {
    if (other?.value.length !== size) throw new Error('bitmaps of different sizes');
    return other.value;
  };
  switch (operation) {
    case 'has':
      return { result: value[bit()] as number };
    case 'set':
      return { result: 0, value: withBit(bit(), 1) };
    case 'clear':
      return { result: 0, value: withBit(bit(), 0) };
    case 'testAndSet':
      return { result: value[bit()] as number, value: withBit(bit(), 1) };
    case 'testAndClear':
      return { result: value[bit()] as number, value: withBit(bit(), 0) };
    case 'isEmpty':
      return { result: Number(!value.includes(1)) };
    case 'count':
      return { result: value.filter((one) => one === 1).length };
    case 'first':
      return { result: value.indexOf(1, number(0)) };
    case 'fill':
      return { result: 0, value: value.map(() => (number(0) ? 1 : 0)) };
    case 'word': {
      const first = word() * perWord;
      return { result: value.slice(first, first + perWord).reduce((sum, one, n) => sum + one * 2 ** n, 0) | 0 };
    }
    case 'isWordEmpty': {
      const first = word() * perWord;
      return { result: Number(!value.slice(first, first + perWord).includes(1)) };
    }
    case 'setWord': {
      const w = word();
      if (other) {
        mustFit(other.value, 0, value, w);
        return { result: 0, value: changeWord(w, (_, given) => given) };
      }
      within(2 ** Math.min(perWord, size - w * perWord, 32), number(1));
      return {
        result: 0,
        value: value.map((old, n) =>
          Math.floor(n / perWord) === w ? Math.floor(number(1) / 2 ** (n - w * perWord)) % 2 : old,
        ),
      };
    }
    case 'loadWord': {
      const at = typeof args[2] === 'number' ? args[2] : 0;
      mustFit(value, word(), (other as { value: number[] }).value, at);
      return { result: 0, operand: changeOther(word(), (_, given) => given, at) };
    }
    case 'xchgWord': {
      const w = word();
      mustFit((other as { value: number[] }).value, 0, value, w);
      mustFit(value, w, (other as { value: number[] }).value, 0);
      return { result: 0, value: changeWord(w, (_, given) => given), operand: changeOther(w, (_, given) => given) };
    }
    case 'fetchAndNotWord': {
      const w = word();
      return {
        result: 0,
        value: changeWord(w, (old, given) => (given ? 0 : old)),
        operand: changeOther(w, (old, given) => (given ? old : 0)),
      };
    }
    case 'andNotWord': {
      const at = typeof args[2] === 'number' ? args[2] : 0;
      return { result: 0, value: changeWord(word(), (old, given) => (given ? 0 : old), at) };
    }
    case 'orWord': {
      const w = word();
      mustFit((other as { value: number[] }).value, 0, value, w);
      return { result: 0, value: changeWord(w, (old, given) => (given ? 1 : old)) };
    }
    case 'copyFrom':
      return { result: 0, value: sameSize() };
    case 'orFrom':
      return { result: 0, value: sameSize().map((given, n) => given | (value[n] as number)) };
    case 'andNotFrom':
      return { result: 0, value: sameSize().map((given, n) => (given ? 0 : (value[n] as number))) };
    case 'contains':
      return { result: Number(sameSize().every((given, n) => given <= (value[n] as number))) };
    case 'equals':
      return { result: Number(sameSize().every((given, n) => given === value[n])) };
  }
  throw new Error(operation);
}

const loads = new Set('get has word isWordEmpty loadWord isEmpty count first contains equals peek at'.split(' '));

/** Returns what an operation is to memory: a load, a plain store that a store buffer delays, or a locked operation. */
export function accessOf(type: CellType, operation: string): 'load' | 'store' | 'locked' {
  if (loads.has(operation)) return 'load';
  const isPlainStore =
    type.type === 'bitmap' || type.type === 'actorSet' ? operation === 'setWord' : operation === 'set';
  return isPlainStore ? 'store' : 'locked';
}
