import {
  type AnyDesign,
  bitmap,
  breadthFirstSearch,
  compile,
  defineDesign,
  defineSystem,
  runEngine,
  shared,
} from 'precopy';
import { expect, it } from 'vitest';
import { proveForAnyNumber } from '../../../src/search/views/any-number.ts';
import { isNightly } from '../../support/nightly.ts';

const system = defineSystem({
  name: 'dishes',
  params: { guests: { default: 2, min: 1, max: 24, description: 'number of guests' } },
  memory: ({ guests }) => ({ table: shared({ a: bitmap(guests), b: bitmap(guests), c: bitmap(guests) }) }),
  actors: { guest: ({ guests }) => guests, cook: 'one' },
  tags: ['wrong'],
  symmetry: {
    role: 'guest',
    perProcess: ['table.a', 'table.b', 'table.c'],
    processSets: [],
    processIds: {},
    payloads: [],
  },
});

const guest = system
  .actor({ events: { A: {}, B: {}, C: {} } })
  .setup({
    actions: {
      a: ({ context: { table, nth } }) => table.a.set(nth),
      b: ({ context: { table, nth } }) => table.b.set(nth),
      c: ({ context: { table, nth } }) => table.c.set(nth),
    },
  })
  .createMachine({
    id: 'guest',
    initial: 'there',
    states: { there: { on: { A: { actions: 'a' }, B: { actions: 'b' }, C: { actions: 'c' } } } },
  });

/** The guests that make the cook go wrong, by their bits of a, b and c; none of them may have all three. */
const wanted = ['110', '101', '011', '100', '010'];

const cook = system
  .actor({ events: { LOOK: {} } })
  .setup({
    actions: {},
    guards: {
      seesAllWanted: ({ context: { table, actors } }) => {
        const seen = new Set<string>();
        let nth = 0;
        for (const _ of actors.guest) {
          seen.add([table.a, table.b, table.c].map((bits) => (bits.has(nth) ? 1 : 0)).join(''));
          nth++;
        }
        return wanted.every((one) => seen.has(one)) && !seen.has('111');
      },
    },
  })
  .createMachine({
    id: 'cook',
    initial: 'cooks',
    states: {
      cooks: { on: { LOOK: { guard: 'seesAllWanted', target: 'wrong', meta: { coarse: 'a look at the table' } } } },
      wrong: { tags: ['wrong'] },
    },
  });

const design: AnyDesign = defineDesign({
  id: 'five-of-eight',
  title: 'a cook that goes wrong beside five types of guests, and no sixth',
  system,
  machines: { guest, cook },
  properties: [
    system.properties.never({ id: 'right', description: 'the cook is right' }, ({ is }) => is.wrong.count() > 0),
  ],
});

it('a system that goes wrong at five different processes, of which a bit of each occurs in a sixth, is not proved', () => {
  const { verdict } = runEngine(proveForAnyNumber(compile(design), { maxStates: 1000 }));
  expect(verdict).not.toBe('holds');
});

it.skipIf(!isNightly)('it is right at four and wrong at five, by explicit search', () => {
  const at = (guests: number) => runEngine(breadthFirstSearch(compile(design, { guests }))).verdict;
  expect([at(4), at(5)]).toEqual(['holds', 'violated']);
});
