import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Access, withRecording } from '../../src/model/access-recording.ts';
import type { Cell } from '../../src/model/cell.ts';
import { bit, bitmap, type CellSpec, counter, queue } from '../../src/model/declare.ts';
import { outcome, place } from '../support/cells.ts';

function recording<C extends Cell>(spec: CellSpec<C>): { plain: C; seen: C; accesses: Access[] } {
  const [plain] = place(spec).cells as [C];
  const accesses: Access[] = [];
  return { plain, seen: withRecording(plain, 'shared', (access) => accesses.push(access)), accesses };
}

describe('a recorded cell', () => {
  it('reports each operation with the value before and after', () => {
    const { seen, accesses } = recording(bitmap(4, { bitsPerWord: 2 }));
    seen.set(1);
    seen.setWord(0, 0);
    seen.has(3);
    expect(accesses).toEqual([
      { cell: 'cell0', region: 'shared', operation: 'set', kind: 'rmw', before: '0000', after: '0100' },
      { cell: 'cell0', region: 'shared', operation: 'setWord', kind: 'store', before: '0100', after: '0000' },
      { cell: 'cell0', region: 'shared', operation: 'has', kind: 'load', before: '0000', after: '0000' },
    ]);
  });

  it('is the same memory as the plain cell, which stays silent', () => {
    const { plain, seen, accesses } = recording(counter(9));
    plain.set(7);
    expect(accesses).toEqual([]);
    expect(seen.get()).toBe(7);
    seen.set(2);
    expect(plain.get()).toBe(2);
  });

  it('says nothing about an operation that is a fault of the model', () => {
    const { seen, accesses } = recording(counter(3));
    expect(outcome(() => seen.set(4))).toBe('fault');
    expect(accesses).toEqual([]);
  });

  it('reports the load of the other cell, where an operation takes two', () => {
    for (const operation of ['copyFrom', 'orFrom', 'andNotFrom', 'contains', 'equals'] as const) {
      const { seen: one, accesses } = recording(bitmap(4));
      const [two] = place(bitmap(4)).cells;
      const other = withRecording(two as typeof one, 'owned', (access) => accesses.push({ ...access, cell: 'other' }));
      one[operation](other);
      expect(
        accesses.map(({ cell, kind }) => [cell, kind]),
        operation,
      ).toContainEqual(['other', 'load']);
    }
  });

  it('reports a store to the other cell, where an operation changes both', () => {
    const { seen: one, accesses } = recording(bitmap(4, { initial: 'set' }));
    const [register] = place(bitmap(4)).cells;
    one.xchgWord(
      0,
      withRecording(register as typeof one, 'register', (access) => accesses.push({ ...access, cell: 'other' })),
    );
    expect(accesses.map(({ cell, kind, before, after }) => [cell, kind, before, after])).toEqual([
      ['other', 'store', '0000', '1111'],
      ['cell0', 'rmw', '1111', '0000'],
    ]);
  });

  it('reports how long a queue is as a load', () => {
    const { seen, accesses } = recording(queue(2, 3));
    expect(seen.count()).toBe(0);
    expect(accesses.map(({ kind }) => kind)).toEqual(['load']);
  });
});

describe('what a cell can do', () => {
  /** Methods that are not operations on memory, parts of one, or made of others: `isAmong` calls `get`. */
  const others = [
    ...['isAmong', 'copy'],
    ...['constructor', 'show', 'reset', 'wordOf', 'read', 'write', 'limb', 'setLimb'],
    ...['check', 'checkWord', 'checkFill', 'checkFrom', 'checkLimb', 'checkOperand', 'checkValue'],
  ];

  it('is all said to be a load, a store or both, so that none goes by unreported', () => {
    for (const [cell] of [bit(), counter(3), bitmap(6), bitmap(40), queue(2, 3)].map(
      (spec) => place<Cell>(spec).cells,
    )) {
      const methods = new Set<string>();
      for (let of = Object.getPrototypeOf(cell); of !== Object.prototype; of = Object.getPrototypeOf(of)) {
        for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(of))) {
          if (typeof value === 'function' && !others.includes(name)) methods.add(name);
        }
      }
      expect(new Set(Object.keys((cell as Cell).kinds)), (cell as Cell).constructor.name).toEqual(methods);
    }
  });
});

type Operations = Record<string, (...args: number[]) => unknown>;

/** What each operation of each kind of cell does to memory. */
const kinds: readonly [
  name: string,
  spec: CellSpec,
  operations: Readonly<Record<string, readonly number[]>>,
  kinds: Record<string, string>,
][] = [
  ['bit', bit(), { get: [], set: [1] }, { get: 'load', set: 'store' }],
  ['counter', counter(3), { get: [], set: [2] }, { get: 'load', set: 'store' }],
  ...([6, 40] as const).map((bits): (typeof kinds)[number] => [
    `bitmap of ${bits}`,
    bitmap(bits),
    {
      has: [1],
      word: [0],
      isEmpty: [],
      first: [],
      set: [1],
      clear: [1],
      testAndClear: [1],
      testAndSet: [1],
      isWordEmpty: [0],
      count: [],
      setWord: [0, 5],
      fill: [1],
    },
    {
      has: 'load',
      word: 'load',
      isEmpty: 'load',
      first: 'load',
      set: 'rmw',
      clear: 'rmw',
      testAndClear: 'rmw',
      testAndSet: 'rmw',
      isWordEmpty: 'load',
      count: 'load',
      setWord: 'store',
      fill: 'store',
    },
  ]),
  [
    'queue',
    queue(60, 4),
    { count: [], isEmpty: [], has: [1], peek: [], push: [2], shift: [] },
    { count: 'load', isEmpty: 'load', has: 'load', peek: 'load', push: 'rmw', shift: 'rmw' },
  ],
];

describe('any sequence of operations on a recorded cell', () => {
  for (const [name, spec, operations, kindOf] of kinds) {
    it(`is reported exactly, in order: ${name}`, () => {
      fc.assert(
        fc.property(fc.array(fc.constantFrom(...Object.keys(operations)), { maxLength: 30 }), (names) => {
          const { plain, seen, accesses } = recording(spec);
          const unrecorded = place(spec).cells[0] as Cell;
          const expected: Access[] = [];
          for (const operation of names) {
            const args = operations[operation] as number[];
            const before = plain.show();
            const result = outcome(() => (seen as unknown as Operations)[operation]?.(...args));
            expect(result).toEqual(outcome(() => (unrecorded as unknown as Operations)[operation]?.(...args)));
            if (result === 'fault') continue;
            const kind = kindOf[operation] as Access['kind'];
            expected.push({ cell: 'cell0', region: 'shared', operation, kind, before, after: unrecorded.show() });
          }
          expect(accesses).toEqual(expected);
        }),
        { numRuns: 50 },
      );
    });
  }
});
