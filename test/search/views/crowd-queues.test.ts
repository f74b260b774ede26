import {
  type AnyDesign,
  actorQueue,
  bitmap,
  compile,
  defineDesign,
  defineSystem,
  rendezvous,
  runEngine,
  shared,
} from 'precopy';
import { expect, it } from 'vitest';
import { breadthFirstSearch } from '../../../src/search/bfs/breadth-first-search.ts';
import { proveForAnyNumber } from '../../../src/search/views/any-number.ts';
import { isNightly } from '../../support/nightly.ts';

/** Guests order one of five dishes each, or queue. */
const system = defineSystem({
  name: 'queueing guests',
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
  messages: { JOIN: rendezvous() },
  actors: { guest: ({ guests }) => guests, cook: 'one' },
  tags: [],
  symmetry: {
    role: 'guest',
    perProcess: ['table.a', 'table.b', 'table.c', 'table.d', 'table.e'],
    processSets: [],
    processIds: { 'cook.line': () => true },
    payloads: [],
  },
});

const guest = system
  .actor({ events: { A: {}, B: {}, C: {}, D: {}, E: {}, QUEUE: {} } })
  .setup({
    actions: {
      a: ({ context: { table, nth } }) => table.a.set(nth),
      b: ({ context: { table, nth } }) => table.b.set(nth),
      c: ({ context: { table, nth } }) => table.c.set(nth),
      d: ({ context: { table, nth } }) => table.d.set(nth),
      e: ({ context: { table, nth } }) => table.e.set(nth),
      join: ({ context: { send, actors } }) => send('JOIN', actors.cook),
    },
  })
  .createMachine({
    id: 'guest',
    initial: 'away',
    states: {
      away: {
        on: {
          A: { actions: 'a', target: 'there' },
          B: { actions: 'b', target: 'there' },
          C: { actions: 'c', target: 'there' },
          D: { actions: 'd', target: 'there' },
          E: { actions: 'e', target: 'there' },
          QUEUE: { actions: 'join', target: 'there' },
        },
      },
      there: {},
    },
  });

const cook = system
  .actor({
    events: { COOK: {}, CALL: {} },
    registers: ({ guests }) => ({ line: actorQueue(guests) }),
  })
  .setup({
    actions: { join: ({ context: { my }, event }) => my.line.push(event.from) },
    guards: {
      goesOn: ({
        context: {
          table: { a, b, c, d, e },
        },
      }) => [a, b, c, d, e].some((dish) => dish.isEmpty()),
      isAwaited: ({ context: { my } }) => !my.line.isEmpty(),
    },
  })
  .createMachine({
    id: 'cook',
    initial: 'cooks',
    states: {
      cooks: {
        on: {
          JOIN: { actions: 'join' },
          COOK: { guard: 'goesOn', target: 'cooks', meta: { coarse: 'a look at the whole table' } },
          CALL: { guard: 'isAwaited', target: 'cooks' },
        },
      },
    },
  });

const design: AnyDesign = defineDesign({
  id: 'queueing-guests',
  title: 'guests order dishes, or queue',
  system,
  machines: { guest, cook },
  properties: [system.properties.noDeadlock({ id: 'goes-on', description: 'goes on' }, () => false)],
});

it('does not prove that a cook goes on who calls guests in a queue, where five order dishes and none queues', () => {
  expect(runEngine(proveForAnyNumber(compile(design), { maxStates: 100 })).verdict).not.toBe('holds');
});

it.skipIf(!isNightly)('goes on at four guests and not at five, by explicit search', () => {
  const verdictAt = (guests: number) => runEngine(breadthFirstSearch(compile(design, { guests }))).verdict;
  expect([verdictAt(4), verdictAt(5)]).toEqual(['holds', 'violated']);
});
