import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InstrumentedLayout } from '../../src/cache/instrumented-layout.ts';
import type { Bitmap } from '../../src/model/bitmap.ts';
import type { Cell } from '../../src/model/cell.ts';
import type { Bit, Counter } from '../../src/model/counter.ts';
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
import { ModelFault } from '../../src/model/errors.ts';
import { MultiWordBitmap } from '../../src/model/multi-word-bitmap.ts';
import type { Queue } from '../../src/model/queue.ts';
import { SingleWordBitmap } from '../../src/model/single-word-bitmap.ts';
import { Layout } from '../../src/model/state-layout.ts';
import {
  bitmapWithSpec,
  bitWithSpec,
  counterWithSpec,
  outcome,
  place,
  placeIn,
  queueWithSpec,
  type SpecifiedCell,
} from '../support/cells.ts';

/** Cells of one kind, and their sequential specifications. */
interface Kind {
  readonly specs: readonly CellSpec[];
  readonly specified: (cells: readonly Cell[]) => SpecifiedCell[];
}

const anyBit = fc
  .boolean()
  .map((initial): Kind => ({ specs: [bit(initial)], specified: ([cell]) => [bitWithSpec(cell as Bit, initial)] }));

const anyCounter = fc
  .oneof(fc.nat(70), fc.nat(0x7fffffff))
  .chain((max) => fc.tuple(fc.constant(max), fc.nat(max)))
  .map(
    ([max, initial]): Kind => ({
      specs: [counter(max, initial)],
      specified: ([cell]) => [counterWithSpec(cell as Counter, max, initial)],
    }),
  );

const anyIndex = fc
  .integer({ min: 1, max: 70 })
  .map(
    (size): Kind => ({ specs: [index(size)], specified: ([cell]) => [counterWithSpec(cell as Counter, size - 1, 0)] }),
  );

/** Two bitmaps of the same size, for operations on both. */
const twoBitmaps = (
  bits: number,
  spec: (initial: 'clear' | 'set') => CellSpec<Bitmap>,
  initials: readonly ('clear' | 'set')[],
): Kind => ({
  specs: initials.map(spec),
  specified: (cells) => {
    const [one, two] = cells.map((cell, n) => ({
      cell: cell as Bitmap,
      members: new Set(initials[n] === 'set' ? Array.from({ length: bits }, (_, n) => n) : []),
    })) as [{ cell: Bitmap; members: Set<number> }, { cell: Bitmap; members: Set<number> }];
    return [bitmapWithSpec(one.cell, one.members, two), bitmapWithSpec(two.cell, two.members, one)];
  },
});
const anyInitial = fc.constantFrom<'clear' | 'set'>('clear', 'set');
const anyInitials = fc.tuple(anyInitial, anyInitial);

const smallBitmap = fc
  .tuple(fc.integer({ min: 1, max: 32 }), fc.integer({ min: 1, max: 32 }), anyInitials)
  .map(([bits, bitsPerWord, initials]) =>
    twoBitmaps(bits, (initial) => bitmap(bits, { bitsPerWord, initial }), initials),
  );

const largeBitmap = fc
  .tuple(fc.integer({ min: 33, max: 70 }), fc.constantFrom(1, 2, 4, 8, 16, 32, 64), anyInitials)
  .map(([bits, bitsPerWord, initials]) =>
    twoBitmaps(bits, (initial) => bitmap(bits, { bitsPerWord, initial }), initials),
  );

const hugeBitmap = fc
  .tuple(
    fc.oneof(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1020, max: 1060 })),
    fc.constantFrom(1, 2, 4, 8, 16, 32, 64),
    anyInitials,
    fc.boolean(),
  )
  .map(([bits, bitsPerWord, initials, cold]) =>
    twoBitmaps(bits, (initial) => hierarchicalBitmap(bits, { bitsPerWord, initial, cold }), initials),
  );

const anyActorSet = fc
  .tuple(fc.integer({ min: 1, max: 40 }), anyInitials)
  .map(([actors, initials]) => twoBitmaps(actors, (initial) => actorSet(actors, initial), initials));

const anyQueue = fc.tuple(fc.nat(6), fc.integer({ min: 1, max: 70 })).map(
  ([capacity, size]): Kind => ({
    specs: [queue(capacity, size)],
    specified: ([cell]) => [queueWithSpec(cell as Queue, capacity, size)],
  }),
);

/** An operation on one of the cells; the numbers are taken modulo what there is. */
const anyOperation = fc.record({
  cell: fc.nat(),
  operation: fc.nat(),
  a: fc.oneof({ weight: 5, arbitrary: fc.integer({ min: -1, max: 71 }) }, { weight: 1, arbitrary: fc.integer() }),
  b: fc.integer(),
});

/** Does random operations on cells side by side, each of which has to behave as if it were alone. */
function expectToBehave(anyKind: fc.Arbitrary<Kind>, { numRuns = 150, AnyLayout = Layout } = {}): void {
  fc.assert(
    fc.property(
      fc.array(anyKind, { minLength: 1, maxLength: 5 }),
      fc.array(anyOperation, { maxLength: 50 }),
      (kinds, operations) => {
        const specs = kinds.flatMap(({ specs }) => specs);
        const { state, cells } = placeIn(new AnyLayout(), specs);
        const rest = [...cells];
        const specified = kinds.flatMap(({ specs, specified }) => specified(rest.splice(0, specs.length)));
        for (const { cell, operation, a, b } of operations) {
          const one = specified[cell % specified.length] as SpecifiedCell;
          const names = Object.keys(one.operations);
          const name = names[operation % names.length] as string;
          const [real, model] = one.operations[name] as SpecifiedCell['operations'][string];
          expect(
            outcome(() => real(a, b)),
            `${one.cell.name} ${name} ${a} ${b}`,
          ).toEqual(outcome(() => model(a, b)));
          for (const { cell: neighbour, contents } of specified) {
            const [held, expected] = contents();
            expect(held, `${neighbour.name} after ${one.cell.name} ${name} ${a} ${b}`).toEqual(expected);
          }
        }
        const plain = placeIn(new AnyLayout(), specs);
        for (const [n, { copyTo }] of specified.entries()) copyTo(plain.cells[n] as never);
        expect(state, 'equal contents are equal words').toEqual(plain.state);
      },
    ),
    { numRuns },
  );
}

describe('a cell behaves as its sequential specification, whatever cells are adjacent', () => {
  it('bit', () => expectToBehave(anyBit));
  it('counter', () => expectToBehave(anyCounter));
  it('index', () => expectToBehave(anyIndex));
  it('bitmap of at most 32 bits', () => expectToBehave(smallBitmap));
  it('bitmap of more than 32 bits', () => expectToBehave(largeBitmap));
  it('bitmap of a real guest', () => expectToBehave(hugeBitmap, { numRuns: 40 }));
  it('unpacked bitmap of the instrumented layout', () =>
    expectToBehave(smallBitmap, { AnyLayout: InstrumentedLayout }));
  it('set of actors', () => expectToBehave(anyActorSet));
  it('queue', () => expectToBehave(anyQueue));
  it('all kinds together', () =>
    expectToBehave(fc.oneof(anyBit, anyCounter, anyIndex, smallBitmap, largeBitmap, anyActorSet, anyQueue)));
});

const only = <C extends Cell>(spec: CellSpec<C>): C => place(spec).cells[0] as C;

describe('what a cell cannot hold is a fault of the model, and changes nothing', () => {
  it('a counter above its maximum', () => {
    const cell = only(counter(5, 3));
    expect(() => cell.set(6)).toThrow(new ModelFault('cell0 is 0 to 5 and cannot become 6'));
    expect(cell.get()).toBe(3);
  });

  it('a counter below 0', () => {
    const cell = only(counter(5));
    expect(() => cell.set(-1)).toThrow(ModelFault);
  });

  it('a counter that is not a number', () => {
    expect(() => only(counter(5)).set(Number.NaN)).toThrow(ModelFault);
    expect(() => only(counter(5)).set(undefined as unknown as number)).toThrow(ModelFault);
  });

  it('an index equal to the size', () => {
    expect(() => only(index(4)).set(4)).toThrow(ModelFault);
    expect(only(index(4)).max).toBe(3);
  });

  it('a bit outside a bitmap', () => {
    for (const bits of [7, 40]) {
      const cell = only(bitmap(bits));
      for (const bit of [-1, bits, Number.NaN]) {
        for (const operation of ['has', 'set', 'clear', 'testAndClear'] as const) {
          expect(() => cell[operation](bit), `${operation} ${bit} of ${bits}`).toThrow(ModelFault);
        }
      }
      expect(cell.isEmpty()).toBe(true);
    }
  });

  it('a word outside a bitmap', () => {
    for (const cell of [only(bitmap(7, { bitsPerWord: 4 })), only(bitmap(40, { bitsPerWord: 32 }))]) {
      for (const word of [-1, 2]) {
        expect(() => cell.word(word)).toThrow(ModelFault);
        expect(() => cell.setWord(word, 0)).toThrow(ModelFault);
        expect(() => cell.xchgWord(word, only(bitmap(40)))).toThrow(ModelFault);
      }
    }
  });

  it('one number too many in a queue', () => {
    const cell = only(queue(2, 5));
    cell.push(4);
    cell.push(0);
    expect(() => cell.push(1)).toThrow(new ModelFault('cell0 is full: it holds 2'));
    expect(cell.show()).toBe('[4 0]');
  });

  it('a number too large for a queue', () => {
    for (const value of [5, 6, 7, 8, -1]) {
      const cell = only(queue(2, 5));
      expect(() => cell.push(value), `push ${value} into a queue of numbers below 5`).toThrow(ModelFault);
      expect(cell.isEmpty()).toBe(true);
    }
  });

  it('taking from an empty queue', () => {
    expect(() => only(queue(2, 5)).shift()).toThrow(new ModelFault('cell0 is empty'));
  });
});

describe('a cell that cannot be is a defect of the design:', () => {
  const defect = (message: RegExp) =>
    expect.objectContaining({ code: 'BAD_DESIGN', message: expect.stringMatching(message) });

  it('a number that no word holds, and a bitmap with words that its own words cannot be cut into', () => {
    expect(() => only(counter(2 ** 40))).toThrow(defect(/^a counter has the maximum 1099511627776$/));
    expect(() => only(bitmap(40, { bitsPerWord: 3 }))).toThrow(defect(/has words of 3 bits$/));
  });

  it.each(['copyFrom', 'orFrom', 'andNotFrom', 'contains', 'equals'] as const)(
    '%s between bitmaps of two sizes',
    (operation) => {
      const sizes = [31, 40, 70].map((bits) => only(bitmap(bits)));
      for (const one of sizes) {
        for (const other of sizes) {
          if (one.bits !== other.bits) expect(() => one[operation](other)).toThrow(defect(/ bits, and .* has \d+$/));
        }
      }
    },
  );
});

describe('a bitmap', () => {
  it('is one field of a word up to 32 bits, and whole words above', () => {
    expect(only(bitmap(32))).toBeInstanceOf(SingleWordBitmap);
    expect(only(bitmap(33))).toBeInstanceOf(MultiWordBitmap);
  });

  it('says in which word a bit is', () => {
    const cell = only(bitmap(64, { bitsPerWord: 8 }));
    expect(cell.words).toBe(8);
    expect(cell.wordOf(19)).toBe(2);
  });

  it('loses no bit of a stored word: that it does not have one is a fault', () => {
    const cell = only(bitmap(37));
    cell.setWord(0, -1);
    cell.setWord(1, 0b11111);
    expect(cell.count()).toBe(37);
    const message = 'word 1 of cell0 holds 5 bits and cannot become -1';
    expect(() => cell.setWord(1, -1)).toThrow(new ModelFault(message));
    const register = only(bitmap(37, { initial: 'set' }));
    for (const store of [() => cell.setWord(1, register), () => cell.xchgWord(1, register)]) {
      expect(store).toThrow(new ModelFault('word 1 of cell0 has fewer bits than are stored in it'));
    }
  });

  it('shows its bits, number 0 first, and at most 64 of them', () => {
    const small = only(bitmap(4));
    small.set(0);
    small.set(3);
    expect(small.show()).toBe('1001');
    expect(only(bitmap(70)).show()).toBe(`${'0'.repeat(64)}…`);
  });

  it('of a real guest is reset without a store, even if all bits are set initially', () => {
    const { state, cells } = place(hierarchicalBitmap(2 ** 15, { initial: 'set' }));
    expect([cells[0]?.count(), cells[0]?.first(77), new Set(state)]).toEqual([2 ** 15, 77, new Set([0])]);
  });

  it('is set from the start where it says so', () => {
    expect(only(bitmap(3, { initial: 'set' })).show()).toBe('111');
    expect(only(actorSet(3, 'set')).count()).toBe(3);
  });
});

describe('a cell that holds actors', () => {
  it('shows the names of its actors, and initially none', () => {
    const holder = only(actor(3));
    const waiters = only(actorQueue(2, 3));
    expect([holder.show(), waiters.show()]).toEqual(['nobody', '[]']);
    holder.set(0);
    waiters.push(2);
    waiters.push(0);
    expect([holder.show(), waiters.show()]).toEqual(['actor0', '[actor2 actor0]']);
    expect(() => holder.set(4)).toThrow(ModelFault);
  });

  it('shows the names of a set, however many there might be', () => {
    for (const actors of [2, 40]) {
      const set = only(actorSet(actors));
      expect(set.show()).toBe('none');
      set.set(1);
      set.set(0);
      expect(set.show()).toBe('actor0+actor1');
    }
    expect(only(actorSet(0, 'set')).show()).toBe('none');
    expect(only(actorSet(1, 'set')).show()).toBe('actor0');
  });
});
