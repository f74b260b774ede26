import { actor, actorQueue, bit, bitmap, counter } from '../../src/model/declare.ts';
import { defineDesign } from '../../src/model/define-design.ts';
import { rendezvous } from '../../src/model/messages.ts';
import { defineSystem, ghost, owned, shared } from '../../src/model/system.ts';

/** Workers that take turns by a lock. */
export const office = defineSystem({
  name: 'office',
  params: { workers: { default: 2, min: 1, max: 4, description: 'workers' } },
  memory: ({ workers }) => ({ desk: owned({ papers: counter(workers) }) }),
  messages: { ASK: rendezvous(), GRANTED: rendezvous(), RETURN: rendezvous() },
  actors: { worker: ({ workers }) => workers, key: 'one' },
  tags: ['inside'],
  symmetry: {
    role: 'worker',
    perProcess: [],
    processSets: [],
    processIds: { 'key.holder': (state) => state !== 'free', 'key.waiters': () => true },
    payloads: [],
  },
});

export const anyWorker = office.actor({ events: { STEP: {} } });

export const worker = anyWorker
  .setup({
    actions: {
      ask: ({ context: { send, actors } }) => send('ASK', actors.key),
      add: ({ context: { desk } }) => desk.papers.set(desk.papers.get() + 1),
      leave: ({ context: { send, actors } }) => send('RETURN', actors.key),
    },
  })
  .createMachine({
    id: 'worker',
    initial: 'outside',
    states: {
      outside: { on: { STEP: 'asking' } },
      asking: { entry: 'ask', on: { GRANTED: 'inside' } },
      inside: { tags: ['inside'], on: { STEP: { actions: ['add', 'leave'], target: 'done' } } },
      done: {},
    },
  });

export const key = office
  .actor({
    events: {},
    registers: (_, { actorsThatTake }) => ({
      holder: actor(),
      waiters: actorQueue(actorsThatTake('GRANTED') - 1),
    }),
  })
  .setup({
    actions: {
      grant: ({ context: { my, send }, event }) => {
        my.holder = event.from;
        send('GRANTED', event.from);
      },
      enqueue: ({ context: { my }, event }) => my.waiters.push(event.from),
      grantToNext: ({ context: { my, send } }) => {
        my.holder = my.waiters.shift();
        send('GRANTED', my.holder);
      },
      forget: ({ context: { my, actors } }) => {
        my.holder = actors.nobody;
      },
    },
    guards: { isAwaited: ({ context: { my } }) => !my.waiters.isEmpty() },
  })
  .createMachine({
    id: 'key',
    initial: 'free',
    states: {
      free: { on: { ASK: { actions: 'grant', target: 'held' } } },
      held: {
        on: {
          ASK: { actions: 'enqueue' },
          RETURN: [
            { guard: 'isAwaited', actions: 'grantToNext' },
            { actions: 'forget', target: 'free' },
          ],
        },
      },
    },
  });

export const alone = office.properties.never(
  { id: 'alone', description: 'two are not inside together' },
  ({ is }) => is.inside.count() > 1,
);

/** The office without any extension. */
export const plain = defineDesign({
  id: 'office',
  title: 'workers take turns',
  system: office,
  machines: { worker, key },
  properties: [alone],
});

/** Each worker has a lamp, which a cleaner turns off when the key is given to it. */
export const withCleaner = office.extend({
  name: 'cleaner',
  params: { rounds: { default: 1, min: 1, max: 3, description: 'rounds of the cleaner' } },
  memory: ({ workers }) => ({
    lamp: shared({ lit: bitmap(workers) }),
    seen: ghost({ clean: bit() }),
  }),
  messages: { SWEPT: rendezvous('rounds') },
  actors: { cleaner: 'one' },
  tags: ['sweeping'],
  symmetry: { perProcess: ['lamp.lit'] },
});

const sweeping = withCleaner.actor({
  events: { STEP: {} },
  registers: ({ rounds }) => ({ left: counter(rounds, rounds) }),
});
export const cleaner = sweeping
  .setup({
    actions: {
      ask: ({ context: { send, actors } }) => send('ASK', actors.key),
      sweep: ({ context: { lamp, my } }) => {
        lamp.lit.fill(false);
        my.left--;
      },
      leave: ({ context: { send, actors, my } }) => {
        send('RETURN', actors.key);
        for (const worker of actors.worker) send('SWEPT', worker, { rounds: my.left });
      },
    },
    guards: { isDone: ({ context: { my } }) => my.left === 0 },
  })
  .createMachine({
    id: 'cleaner',
    initial: 'asking',
    states: {
      asking: { entry: 'ask', on: { GRANTED: 'inside' } },
      inside: {
        tags: ['inside', 'sweeping'],
        on: { STEP: { actions: ['sweep', 'leave'], target: 'swept' } },
      },
      swept: { always: [{ guard: 'isDone', target: 'home' }, { target: 'asking' }] },
      home: {},
    },
  });

export const workerWithLamp = withCleaner.extendActor(anyWorker, {
  events: { LIGHT: { optional: true } },
  registers: () => ({ swept: bit() }),
});
const lighting = workerWithLamp.implement({
  actions: {
    light: ({ context: { lamp, nth } }) => lamp.lit.set(nth),
    noteSwept: ({ context: { my }, event }) => {
      my.swept = event.rounds === 0;
    },
  },
});
const onSwept = { SWEPT: { actions: 'noteSwept' } } as const;
export const litWorker = worker
  .as(workerWithLamp)
  .use(lighting)
  .extend({
    states: {
      outside: { on: { LIGHT: { actions: 'light' }, ...onSwept } },
      asking: { on: onSwept },
      inside: { on: onSwept },
      done: { on: onSwept },
    },
    ghost: { light: ({ context: { seen } }) => seen.clean.set(false) },
  });

export const swept = withCleaner.properties.reachable(
  { id: 'swept', description: 'the cleaner was in' },
  ({ is, actors }) => is.sweeping.of(actors.cleaner),
);

/** The office with a cleaner: the key and the property are those of the office. */
export const cleaned = defineDesign({
  id: 'cleaned-office',
  title: 'a cleaner comes, too',
  system: withCleaner,
  machines: { worker: litWorker, key, cleaner },
  properties: [alone, swept],
});

/** Another extension of the office. */
export const withClock = office.extend({
  name: 'clock',
  memory: () => ({ wall: owned({ ticks: counter(2) }) }),
  actors: { clock: 'one' },
});
export const clock = withClock
  .actor({ events: { STEP: {} } })
  .setup({
    actions: { tick: ({ context: { wall } }) => wall.ticks.set(wall.ticks.get() + 1) },
  })
  .createMachine({
    id: 'clock',
    initial: 'first',
    states: {
      first: { on: { STEP: { actions: 'tick', target: 'second' } } },
      second: { on: { STEP: { actions: 'tick', target: 'rings' } } },
      rings: {},
    },
  });
