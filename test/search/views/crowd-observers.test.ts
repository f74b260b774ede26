import { type AnyDesign, bitmap, compile, defineDesign, defineSystem, runEngine, shared } from 'precopy';
import { expect, it } from 'vitest';
import { breadthFirstSearch } from '../../../src/search/bfs/breadth-first-search.ts';
import { proveForAnyNumber } from '../../../src/search/views/any-number.ts';
import { isNightly } from '../../support/nightly.ts';

/** Guests order, and get hungry before the cook serves, which is when guests order five dishes. */
const system = defineSystem({
  name: 'hungry guests',
  params: { guests: { default: 2, min: 1, max: 24, description: 'number of guests' } },
  memory: ({ guests }) => ({
    table: shared({
      a: bitmap(guests),
      b: bitmap(guests),
      c: bitmap(guests),
      d: bitmap(guests),
      e: bitmap(guests),
      served: bitmap(1),
    }),
  }),
  actors: { guest: ({ guests }) => guests, cook: 'one' },
  tags: ['wrong'],
  symmetry: {
    role: 'guest',
    perProcess: ['table.a', 'table.b', 'table.c', 'table.d', 'table.e'],
    processSets: [],
    processIds: {},
    payloads: [],
  },
});

const guest = system
  .actor({ events: { A: {}, B: {}, C: {}, D: {}, E: {}, WAIT: {} } })
  .setup({
    actions: {
      a: ({ context: { table, nth } }) => table.a.set(nth),
      b: ({ context: { table, nth } }) => table.b.set(nth),
      c: ({ context: { table, nth } }) => table.c.set(nth),
      d: ({ context: { table, nth } }) => table.d.set(nth),
      e: ({ context: { table, nth } }) => table.e.set(nth),
    },
    guards: {
      isServed: ({ context: { table } }) => table.served.has(0),
      isNotServed: ({ context: { table } }) => !table.served.has(0),
    },
  })
  .createMachine({
    id: 'guest',
    initial: 'away',
    states: {
      away: {
        on: {
          A: { actions: 'a', target: 'ordered' },
          B: { actions: 'b', target: 'ordered' },
          C: { actions: 'c', target: 'ordered' },
          D: { actions: 'd', target: 'ordered' },
          E: { actions: 'e', target: 'ordered' },
        },
      },
      ordered: { on: { WAIT: { guard: 'isNotServed', target: 'hungry' } } },
      hungry: { on: { WAIT: { guard: 'isServed', target: 'wrong' } } },
      wrong: { tags: ['wrong'] },
    },
  });

const cook = system
  .actor({ events: { LOOK: {} } })
  .setup({
    actions: { serve: ({ context: { table } }) => table.served.set(0) },
    guards: {
      allOrdered: ({
        context: {
          table: { a, b, c, d, e },
        },
      }) => [a, b, c, d, e].every((dish) => !dish.isEmpty()),
    },
  })
  .createMachine({
    id: 'cook',
    initial: 'cooks',
    states: {
      cooks: {
        on: {
          LOOK: {
            guard: 'allOrdered',
            actions: 'serve',
            target: 'done',
            meta: { coarse: 'a look at the whole table' },
          },
        },
      },
      done: {},
    },
  });

const design: AnyDesign = defineDesign({
  id: 'hungry-guests',
  title: 'guests order dishes',
  system,
  machines: { guest, cook },
  properties: [system.properties.never({ id: 'right', description: 'right' }, ({ is }) => is.wrong.count() > 0)],
});

it.skipIf(!isNightly)('is wrong at five guests, by explicit search', () => {
  expect(runEngine(breadthFirstSearch(compile(design, { guests: 5 }))).verdict).toBe('violated');
});

it('is not proved: guests whom the cook cannot tell apart are all looked at after the step of a crowd', () => {
  expect(runEngine(proveForAnyNumber(compile(design), { maxStates: 100 })).verdict).not.toBe('holds');
});
