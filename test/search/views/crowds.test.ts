import { type AnyDesign, type Bitmap, bitmap, compile, defineDesign, defineSystem, runEngine, shared } from 'precopy';
import { expect, it } from 'vitest';
import { breadthFirstSearch } from '../../../src/search/bfs/breadth-first-search.ts';
import { proveForAnyNumber } from '../../../src/search/views/any-number.ts';
import { crowdSets } from '../../../src/search/views/crowd-sets.ts';

/** Guests order one of six dishes each. What the cook does may need guests who all order another dish. */
const system = defineSystem({
  name: 'dishes',
  params: { guests: { default: 2, min: 1, max: 24, description: 'number of guests' } },
  memory: ({ guests }) => ({
    table: shared({
      a: bitmap(guests),
      b: bitmap(guests),
      c: bitmap(guests),
      d: bitmap(guests),
      e: bitmap(guests),
      f: bitmap(guests),
    }),
  }),
  actors: { guest: ({ guests }) => guests, cook: 'one' },
  tags: ['a', 'b', 'c', 'd', 'e', 'f', 'wrong'],
  symmetry: {
    role: 'guest',
    perProcess: ['table.a', 'table.b', 'table.c', 'table.d', 'table.e', 'table.f'],
    processSets: [],
    processIds: {},
    payloads: [],
  },
});

type Dish = 'a' | 'b' | 'c' | 'd' | 'e' | 'f';
type Table = Readonly<Record<Dish, Bitmap>>;
const all = (...dishes: Dish[]) => dishes;
const isOrdered = (table: Table, dishes: readonly Dish[]): boolean => dishes.every((dish) => !table[dish].isEmpty());

const guest = system
  .actor({ events: { A: {}, B: {}, C: {}, D: {}, E: {}, F: {} } })
  .setup({
    actions: {
      a: ({ context: { table, nth } }) => table.a.set(nth),
      b: ({ context: { table, nth } }) => table.b.set(nth),
      c: ({ context: { table, nth } }) => table.c.set(nth),
      d: ({ context: { table, nth } }) => table.d.set(nth),
      e: ({ context: { table, nth } }) => table.e.set(nth),
      f: ({ context: { table, nth } }) => table.f.set(nth),
    },
  })
  .createMachine({
    id: 'guest',
    initial: 'away',
    states: {
      away: {
        on: {
          A: { actions: 'a', target: 'a' },
          B: { actions: 'b', target: 'b' },
          C: { actions: 'c', target: 'c' },
          D: { actions: 'd', target: 'd' },
          E: { actions: 'e', target: 'e' },
          F: { actions: 'f', target: 'f' },
        },
      },
      a: { tags: ['a'] },
      b: { tags: ['b'] },
      c: { tags: ['c'] },
      d: { tags: ['d'] },
      e: { tags: ['e'] },
      f: { tags: ['f'] },
    },
  });

/** A cook who goes wrong where some dishes are ordered, and others are not. */
const cookOf = (ordered: readonly Dish[], absent: readonly Dish[]) =>
  system
    .actor({ events: { LOOK: {} } })
    .setup({
      actions: {},
      guards: {
        isWrong: ({ context: { table } }) => isOrdered(table, ordered) && absent.every((dish) => table[dish].isEmpty()),
      },
    })
    .createMachine({
      id: 'cook',
      initial: 'cooks',
      states: {
        cooks: { on: { LOOK: { guard: 'isWrong', target: 'wrong', meta: { coarse: 'a look at the whole table' } } } },
        wrong: { tags: ['wrong'] },
      },
    });

const busyCook = system
  .actor({ events: { COOK: {} } })
  .setup({
    actions: {},
    guards: { goesOn: ({ context: { table } }) => !isOrdered(table, all('a', 'b', 'c', 'd', 'e')) },
  })
  .createMachine({
    id: 'cook',
    initial: 'cooks',
    states: {
      cooks: { on: { COOK: { guard: 'goesOn', target: 'serves', meta: { coarse: 'a look at the whole table' } } } },
      serves: { on: { COOK: 'cooks' } },
    },
  });

const wrongCook = (ordered: readonly Dish[], absent: readonly Dish[] = []): AnyDesign =>
  defineDesign({
    id: 'dishes',
    title: 'guests order dishes',
    system,
    machines: { guest, cook: cookOf(ordered, absent) },
    properties: [system.properties.never({ id: 'right', description: 'right' }, ({ is }) => is.wrong.count() > 0)],
  });

const wrongGuests = (ordered: readonly Dish[]): AnyDesign =>
  defineDesign({
    id: 'dishes',
    title: 'guests order dishes',
    system,
    machines: { guest, cook: cookOf(all('a'), all('a')) },
    properties: [
      system.properties.never({ id: 'right', description: 'right' }, ({ is }) =>
        ordered.every((dish) => is[dish].count() > 0),
      ),
    ],
  });

const prove = (design: AnyDesign) => runEngine(proveForAnyNumber(compile(design)));

it.each([
  ['three', all('a', 'b', 'c'), all()],
  ['four', all('a', 'b', 'c', 'd'), all()],
  ['five', all('a', 'b', 'c', 'd', 'e'), all()],
  ['six', all('a', 'b', 'c', 'd', 'e', 'f'), all()],
  ['five, and nobody the sixth', all('a', 'b', 'c', 'd', 'e'), all('f')],
  ['four, and nobody two others', all('f', 'b', 'c', 'd'), all('a', 'e')],
])('does not prove a cook who is wrong where guests order %s dishes', (_, ordered, absent) => {
  const { verdict } = prove(wrongCook(ordered, absent));
  expect(verdict).not.toBe('holds');
});

it.each([
  ['three', all('a', 'b', 'c')],
  ['four', all('a', 'b', 'c', 'd')],
  ['five', all('a', 'b', 'c', 'd', 'e')],
  ['six', all('a', 'b', 'c', 'd', 'e', 'f')],
])('does not prove that no guests order %s dishes', (_, ordered) => {
  expect(prove(wrongGuests(ordered)).verdict).not.toBe('holds');
});

it('does not prove that a cook goes on who stops where guests order five dishes', () => {
  const design: AnyDesign = defineDesign({
    id: 'dishes',
    title: 'guests order dishes',
    system,
    machines: { guest, cook: busyCook },
    properties: [system.properties.noDeadlock({ id: 'goes-on', description: 'goes on' }, () => false)],
  });
  expect(prove(design).verdict).not.toBe('holds');
});

it('proves a cook who is never wrong', () => {
  expect(prove(wrongCook(all('a'), all('a'))).verdict).toBe('holds');
});

it('is wrong at four guests and right at three, by explicit search', () => {
  const verdictAt = (guests: number) =>
    runEngine(breadthFirstSearch(compile(wrongCook(all('a', 'b', 'c', 'd')), { guests }))).verdict;
  expect([verdictAt(3), verdictAt(4)]).toEqual(['holds', 'violated']);
});

it('takes all sets of few types, and the closed sets of many', () => {
  const types = (count: number) => Array.from({ length: count }, (_, type) => Int32Array.of(1 << type));
  expect([...crowdSets(types(3))]).toHaveLength(7);
  expect([...crowdSets(types(12))]).toHaveLength(2 ** 12 - 1);
  const sets = [...crowdSets(types(14))].map((set) => set.length);
  expect(Math.max(...sets)).toBe(14);
  expect(sets.filter((length) => length <= 5)).toHaveLength(14 + 91 + 364 + 1001 + 2002);
});
