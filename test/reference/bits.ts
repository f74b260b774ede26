import { Fault, type Given, type Outcome, within } from './operation.ts';

type Bits = readonly number[];

/** Operations of bitmaps that access one bit, and how. */
const bitOperations: Readonly<Record<string, 'load' | 0 | 1>> = {
  has: 'load',
  set: 1,
  testAndSet: 1,
  clear: 0,
  testAndClear: 0,
};

/** Returns what an operation of a bitmap does. Its words have `perWord` bits. */
export function operateOnBits(value: Bits, perWord: number, operation: string, args: readonly Given[]): Outcome {
  const [first = 0, second] = args;
  const toBit = bitOperations[operation];
  if (toBit !== undefined) {
    const bit = within(value.length, first as number);
    const result = value[bit] as number;
    return toBit === 'load' ? { result } : { result, value: value.map((old, n) => (n === bit ? toBit : old)) };
  }
  if (typeof first === 'object') return operateOnAll(value, operation, first.value as Bits);
  switch (operation) {
    case 'isEmpty':
      return { result: Number(!value.includes(1)) };
    case 'count':
      return { result: value.filter((one) => one === 1).length };
    case 'first':
      return { result: value.indexOf(1, first) };
    case 'fill':
      return { result: 0, value: value.map(() => (first === 0 ? 0 : 1)) };
  }
  const w = within(Math.ceil(value.length / perWord), first);
  const word = value.slice(w * perWord, (w + 1) * perWord);
  if (typeof second === 'object') {
    const at = args[2] === undefined ? 0 : (args[2] as number);
    return operateOnWord(operation, { value, from: w * perWord, word }, second.value as Bits, at, perWord);
  }
  switch (operation) {
    case 'word':
      return { result: numberOf(word) | 0 };
    case 'isWordEmpty':
      return { result: Number(!word.includes(1)) };
    case 'setWord': {
      const stored = within(2 ** Math.min(word.length, 32), second as number);
      const bits = word.map((_, n) => Math.floor(stored / 2 ** n) % 2);
      return { result: 0, value: withWord(value, w * perWord, perWord, bits) };
    }
  }
  throw new Error(operation);
}

/** Returns what an operation on two bitmaps of one size does. */
function operateOnAll(value: Bits, operation: string, other: Bits): Outcome {
  if (other.length !== value.length) throw new Error('bitmaps of different sizes');
  switch (operation) {
    case 'copyFrom':
      return { result: 0, value: other };
    case 'orFrom':
      return { result: 0, value: value.map((old, n) => old | (other[n] as number)) };
    case 'andNotFrom':
      return { result: 0, value: value.map((old, n) => (other[n] ? 0 : old)) };
    case 'contains':
      return { result: Number(other.every((given, n) => given <= (value[n] as number))) };
    case 'equals':
      return { result: Number(other.every((given, n) => given === value[n])) };
  }
  throw new Error(operation);
}

/** Returns what an operation on a word and a word of another bitmap does. */
function operateOnWord(
  operation: string,
  { value, from, word }: { readonly value: Bits; readonly from: number; readonly word: Bits },
  other: Bits,
  at: number,
  perWord: number,
): Outcome {
  const register = other.slice(at * perWord, (at + 1) * perWord);
  switch (operation) {
    case 'setWord':
      return { result: 0, value: withWord(value, from, perWord, register) };
    case 'loadWord':
      return { result: 0, operand: withWord(other, at * perWord, perWord, word) };
    case 'xchgWord':
      return { result: 0, value: withWord(value, from, perWord, register), operand: withWord(other, 0, perWord, word) };
    case 'fetchAndNotWord':
      return {
        result: 0,
        value: withWord(value, from, perWord, combined(word, register, 'andNot')),
        operand: withWord(other, 0, perWord, combined(register, word, 'and')),
      };
    case 'andNotWord':
      return { result: 0, value: withWord(value, from, perWord, combined(word, register, 'andNot')) };
    case 'orWord':
      return { result: 0, value: withWord(value, from, perWord, combined(word, register, 'or')) };
  }
  throw new Error(operation);
}

/** Combines two words bit by bit. Bits that one of them lacks are 0; an `or` has as many bits as the longer one. */
function combined(word: Bits, register: Bits, how: 'and' | 'andNot' | 'or'): number[] {
  const length = how === 'or' ? Math.max(word.length, register.length) : word.length;
  return Array.from({ length }, (_, n) => {
    const [a, b] = [word[n] ?? 0, register[n] ?? 0];
    if (how === 'or') return a | b;
    return how === 'and' ? a & b : a & (1 - b);
  });
}

/**
 * Returns a bitmap with the word replaced that begins at bit `from`. Bits that the new word lacks are 0.
 * @throws Fault if the bitmap lacks a bit of the word
 */
function withWord(value: Bits, from: number, perWord: number, word: Bits): number[] {
  if (word.some((bit, n) => bit === 1 && from + n >= value.length)) throw new Fault('lost bits');
  return value.map((old, n) => (n < from || n >= from + perWord ? old : (word[n - from] ?? 0)));
}

/** Returns a word as a number, bit 0 lowest. */
export const numberOf = (word: Bits): number => word.reduce((sum, bit, n) => sum + bit * 2 ** n, 0);
