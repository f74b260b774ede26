import { type AnyDesign, bitmap, compile, defineDesign, defineSystem, runEngine, shared } from 'precopy';
import { expect, it } from 'vitest';
import { proveForAnyNumber } from '../../../src/search/views/any-number.ts';

const system = defineSystem({
  name: 'waiting guests',
  params: { guests: { default: 2, min: 1, max: 24, description: 'number of guests' } },
  memory: ({ guests }) => ({
    table: shared({
      a: bitmap(guests),
      b: bitmap(guests),
      c: bitmap(guests),
      d: bitmap(guests),
      e: bitmap(guests),
    }),
  }),
  actors: { guest: ({ guests }) => guests },
  tags: [],
  symmetry: {
    role: 'guest',
    perProcess: ['table.a', 'table.b', 'table.c', 'table.d', 'table.e'],
    processSets: [],
    processIds: {},
    payloads: [],
  },
});

/** Guests order a dish. One that is awake goes on, one that sleeps does until all dishes are ordered. */
const guest = system
  .actor({ events: { A: {}, B: {}, C: {}, D: {}, E: {}, SLEEP: {}, GO: {} } })
  .setup({
    actions: {
      a: ({ context: { table, nth } }) => table.a.set(nth),
      b: ({ context: { table, nth } }) => table.b.set(nth),
      c: ({ context: { table, nth } }) => table.c.set(nth),
      d: ({ context: { table, nth } }) => table.d.set(nth),
      e: ({ context: { table, nth } }) => table.e.set(nth),
    },
    guards: {
      isLacking: ({
        context: {
          table: { a, b, c, d, e },
        },
      }) => [a, b, c, d, e].some((dish) => dish.isEmpty()),
      hasDish: ({
        context: {
          table: { a, b, c, d, e },
        },
      }) => [a, b, c, d, e].some((dish) => !dish.isEmpty()),
    },
  })
  .createMachine({
    id: 'guest',
    initial: 'away',
    states: {
      away: {
        on: {
          A: { actions: 'a', target: 'awake' },
          B: { actions: 'b', target: 'awake' },
          C: { actions: 'c', target: 'awake' },
          D: { actions: 'd', target: 'awake' },
          E: { actions: 'e', target: 'awake' },
        },
      },
      awake: {
        on: {
          SLEEP: { guard: 'hasDish', target: 'asleep', meta: { coarse: 'a look at the whole table' } },
          GO: { guard: 'hasDish', target: 'awake', meta: { coarse: 'a look at the whole table' } },
        },
      },
      asleep: { on: { GO: { guard: 'isLacking', target: 'asleep', meta: { coarse: 'a look at the whole table' } } } },
    },
  });

const design: AnyDesign = defineDesign({
  id: 'waiting-guests',
  title: 'guests wait',
  system,
  machines: { guest },
  properties: [system.properties.noDeadlock({ id: 'goes-on', description: 'goes on' }, () => false)],
});

it('does not prove that guests go on, of whom five that sleep do not, which others cannot tell from those awake', () => {
  expect(runEngine(proveForAnyNumber(compile(design), { maxStates: 100 })).verdict).not.toBe('holds');
});
