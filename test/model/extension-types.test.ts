import { expect, it } from 'vitest';
import { bitmap } from '../../src/model/declare.ts';
import { shared } from '../../src/model/system.ts';
import { office, withCleaner, worker, workerWithLamp } from './extension.ts';

/*
 * Mistakes in extensions that TypeScript refuses: `tsc` fails if one of them is no error any more. Nothing in here has
 * to run.
 */

it('an extension knows the params of the system and its own, and no others', () => {
  const more = office.extend({
    name: 'more',
    params: { rooms: { default: 1, min: 1, max: 2, description: 'rooms' } },
    memory: ({ workers, rooms }) => ({ room: shared({ used: bitmap(workers * rooms) }) }),
    actors: { cleaner: ({ rooms }) => rooms },
  });
  // @ts-expect-error: there is no param of that name
  more.extend({ name: 'wrong', memory: ({ desks }) => ({ desks: shared({ used: bitmap(desks) }) }) });
  expect(more).toBeDefined();
});

it('an extended actor knows the memory, messages and registers of both, and no others', () => {
  const implementations = workerWithLamp.implement({
    actions: {
      both: ({ context: { desk, lamp, my, send, actors } }) => {
        lamp.lit.fill(my.swept && desk.papers.get() === 0);
        send('SWEPT', actors.cleaner, { rounds: 0 });
        // @ts-expect-error: the message has another field
        send('SWEPT', actors.cleaner, { times: 0 });
      },
      // @ts-expect-error: there is no memory region of that name
      other: ({ context: { wall } }) => wall,
    },
  });
  expect(implementations).toBeDefined();
});

it('a machine knows the tags, events and messages of the extension after `as`, and not before', () => {
  const grown = worker.as(workerWithLamp).extend({
    states: { outside: { tags: ['sweeping'], on: { LIGHT: 'asking', SWEPT: 'asking' } } },
  });
  // @ts-expect-error: the office has no such tag
  const tagged = () => worker.extend({ states: { outside: { tags: ['sweeping'] } } });
  expect([grown, tagged]).toHaveLength(2);
});

it('a replaced action and a ghost update know the context of the actor', () => {
  const patched = worker.extend({
    ghost: {
      // @ts-expect-error: the office has no lamp
      add: ({ context: { lamp } }) => lamp,
    },
  });
  expect(patched).toBeDefined();
});

it('`extendActor` takes params of the extended system', () => {
  const grown = withCleaner.extendActor(workerWithLamp, {
    // @ts-expect-error: there is no param of that name
    events: { JUMP: { field: 'n', size: ({ jumps }) => jumps } },
  });
  expect(grown).toBeDefined();
});
