import { operateOnBits } from './bits.ts';
import { Fault, type Given, type Outcome, type Value, within } from './operation.ts';
import type { CellType } from './specification.ts';

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
      return operateOnBits(value as number[], wordSize(type), operation, args);
  }
}

function operateOnNumber(size: number, value: number, operation: string, [a = 0, b = 0]: readonly number[]): Outcome {
  if (operation === 'get') return { result: value };
  if (operation === 'set' || operation === 'xchg') return { result: value, value: within(size, a) };
  if (operation !== 'cmpxchg') throw new Error(operation);
  within(size, a);
  within(size, b);
  return value === a ? { result: value, value: b } : { result: value };
}

function operateOnQueue(
  capacity: number,
  size: number,
  value: readonly number[],
  operation: string,
  [a = 0]: readonly number[],
): Outcome {
  switch (operation) {
    case 'count':
      return { result: value.length };
    case 'isEmpty':
      return { result: Number(value.length === 0) };
    case 'has':
      return { result: Number(value.includes(a)) };
    case 'peek':
      return { result: oldest(value) };
    case 'at':
      return { result: value[within(value.length, a)] as number };
    case 'shift':
      return { result: oldest(value), value: value.slice(1) };
    case 'push':
      if (value.length === capacity) throw new Fault('full queue');
      return { result: 0, value: [...value, within(size, a)] };
  }
  throw new Error(operation);
}

function oldest(value: readonly number[]): number {
  if (value.length === 0) throw new Fault('empty queue');
  return value[0] as number;
}

const loads = new Set('get has word isWordEmpty loadWord isEmpty count first contains equals peek at'.split(' '));

/** Returns what an operation is to memory: a load, a plain store that a store buffer delays, or a locked operation. */
export function accessOf(type: CellType, operation: string): 'load' | 'store' | 'locked' {
  if (loads.has(operation)) return 'load';
  const isPlainStore =
    type.type === 'bitmap' || type.type === 'actorSet' ? operation === 'setWord' : operation === 'set';
  return isPlainStore ? 'store' : 'locked';
}

/** Operations that change the bitmap that they are given. */
export const writesOperand: ReadonlySet<string> = new Set(['loadWord', 'xchgWord', 'fetchAndNotWord']);
