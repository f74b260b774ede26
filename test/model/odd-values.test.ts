import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InstrumentedLayout } from '../../src/cache/instrumented-layout.ts';
import type { Cell } from '../../src/model/cell.ts';
import {
  actor,
  actorQueue,
  actorSet,
  bit,
  bitmap,
  type CellSpec,
  counter,
  hierarchicalBitmap,
  index,
  queue,
} from '../../src/model/declare.ts';
import { ModelFault, PrecopyError } from '../../src/model/errors.ts';
import { Layout } from '../../src/model/state-layout.ts';
import { placeIn } from '../support/cells.ts';

/** What an operation takes as an argument; `from`, `place` and `into` may be left out or are not bounded. */
type Kind = 'bit' | 'word' | 'bits' | 'value' | 'truth' | 'register' | 'bitmap' | 'from' | 'at' | 'item' | 'place';

const ofBitmaps: Readonly<Record<string, readonly Kind[]>> = {
  has: ['bit'],
  set: ['bit'],
  clear: ['bit'],
  testAndClear: ['bit'],
  testAndSet: ['bit'],
  word: ['word'],
  isWordEmpty: ['word'],
  setWord: ['word', 'bits'],
  loadWord: ['word', 'register', 'at'],
  xchgWord: ['word', 'register'],
  fetchAndNotWord: ['word', 'register'],
  andNotWord: ['word', 'register', 'at'],
  orWord: ['word', 'register'],
  isEmpty: [],
  count: [],
  first: ['from'],
  copyFrom: ['bitmap'],
  orFrom: ['bitmap'],
  andNotFrom: ['bitmap'],
  contains: ['bitmap'],
  equals: ['bitmap'],
  fill: ['truth'],
};
const ofCounters: Readonly<Record<string, readonly Kind[]>> = {
  get: [],
  set: ['value'],
  xchg: ['value'],
  cmpxchg: ['value', 'value'],
};
const ofQueues: Readonly<Record<string, readonly Kind[]>> = {
  count: [],
  isEmpty: [],
  has: ['item'],
  push: ['item'],
  peek: [],
  at: ['place'],
  shift: [],
};

/** Cells with two values or bits and more, and what their operations take. */
const cells: Readonly<Record<string, readonly [CellSpec, Readonly<Record<string, readonly Kind[]>>]>> = {
  bit: [bit(), { get: [], set: ['truth'] }],
  counter: [counter(2), ofCounters],
  'the greatest counter': [counter(0x7fffffff), ofCounters],
  index: [index(3), ofCounters],
  actor: [actor(2), ofCounters],
  'a bitmap in a field': [bitmap(5, { bitsPerWord: 2 }), ofBitmaps],
  'a bitmap of 32 bits': [bitmap(32), ofBitmaps],
  'a bitmap in several words': [bitmap(37), ofBitmaps],
  'a hierarchical bitmap': [hierarchicalBitmap(1030), ofBitmaps],
  actorSet: [actorSet(3), ofBitmaps],
  queue: [queue(2, 3), ofQueues],
  actorQueue: [actorQueue(2, 3), ofQueues],
};

/** Values that are none, wherever they are given. */
const odd: Readonly<Record<string, unknown>> = {
  fraction: 1 / 2,
  'fraction near an integer': 1 + Number.EPSILON,
  negative: -1,
  NaN: Number.NaN,
  infinite: Number.POSITIVE_INFINITY,
  'as large as 2^53': 2 ** 53,
  text: '1',
  'empty text': '',
  null: null,
  BigInt: 1n,
  object: {},
  list: [0],
  function: () => 0,
  symbol: Symbol('1'),
};

/** Returns whether a kind of argument refuses an odd value. */
const refuses = (kind: Kind, name: string, bits: number): boolean =>
  !(kind === 'bits' && name === 'negative' && bits >= 32);

/** A cell of more than 32 bits is never instrumented: there it is compared with itself. */
const instrumentedFor = (spec: CellSpec): Layout =>
  spec === cells['a bitmap in several words']?.[0] ? new Layout() : new InstrumentedLayout();

type Call = (...args: readonly unknown[]) => unknown;

/** A cell, a register for it, and what an operation did to them. */
function makeCells(layout: Layout, spec: CellSpec) {
  const { cells: placed } = placeIn(layout, [spec, spec]);
  const [cell, register] = placed as [Cell, Cell];
  const argument = (kind: Kind): unknown =>
    kind === 'truth' ? true : kind === 'register' || kind === 'bitmap' ? register : 0;
  const call = (operation: string, args: readonly unknown[]): string => {
    try {
      const result = (cell as unknown as Record<string, Call>)[operation]?.(...args);
      return `returns ${String(result)}, ${cell.show()} ${register.show()}`;
    } catch (error) {
      if (error instanceof ModelFault) return `faults: ${error.message}`;
      if (error instanceof PrecopyError && error.code === 'BAD_DESIGN') return `refuses: ${error.message}`;
      throw error;
    }
  };
  return { cell, register, argument, call };
}

describe.each(Object.entries(cells))('%s', (_, [spec, operations]) => {
  test('has no operation but these', () => {
    expect(Object.keys(makeCells(new Layout(), spec).cell.kinds).sort()).toEqual(Object.keys(operations).sort());
  });

  test.each(Object.entries(operations))(
    '%s refuses values that are none, packed and instrumented',
    (operation, kinds) => {
      const packed = makeCells(new Layout(), spec);
      const instrumented = makeCells(instrumentedFor(spec), spec);
      const wordBits = 'bits' in packed.cell ? Math.min(packed.cell.bits as number, 32) : 0;
      for (const [n, kind] of kinds.entries()) {
        for (const [name, value] of Object.entries(odd)) {
          const isWordBits = kind === 'bits' && (packed.cell as unknown as { bitsPerWord: number }).bitsPerWord;
          if (!refuses(kind, name, isWordBits ? Math.min(isWordBits, wordBits) : wordBits)) continue;
          const result = [packed, instrumented].map(({ cell, register, argument, call }) => {
            if (operation === 'at' && (cell as unknown as { count: () => number }).count() === 0)
              (cell as unknown as { push: Call }).push(0);
            const before = `${cell.show()} ${register.show()}`;
            const text = call(
              operation,
              kinds.map((one, m) => (m === n ? value : argument(one))),
            );
            expect(text, `${operation}, argument ${n}: ${name}`).toMatch(/^(faults|refuses): /);
            expect(`${cell.show()} ${register.show()}`, `${operation}, argument ${n}: ${name}`).toBe(before);
            return text;
          });
          expect(result[0]).toBe(result[1]);
        }
      }
    },
  );
});

test('packed and instrumented cells do the same, whatever they are given', () => {
  const value = fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: -1, max: 40 }) },
    { weight: 1, arbitrary: fc.constantFrom(...Object.values(odd), undefined, -0, 2 ** 31, 2 ** 32 - 1, 2 ** 32) },
    { weight: 1, arbitrary: fc.boolean() },
  );
  const step = fc.tuple(fc.nat(), value, value, value, fc.nat(7));
  fc.assert(
    fc.property(
      fc.constantFrom(...Object.values(cells)),
      fc.array(step, { maxLength: 20 }),
      ([spec, operations], steps) => {
        const [packed, instrumented] = [makeCells(new Layout(), spec), makeCells(instrumentedFor(spec), spec)];
        for (const [pick, a, b, c, registers] of steps) {
          const operation = Object.keys(operations)[pick % Object.keys(operations).length] as string;
          const results = [packed, instrumented].map(({ register, call }) =>
            call(
              operation,
              [a, b, c].map((one, n) => ((registers >> n) & 1 ? register : one)),
            ),
          );
          expect(results[0], operation).toBe(results[1]);
        }
      },
    ),
    { numRuns: 300, seed: 16 },
  );
});
