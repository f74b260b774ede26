/**
 * A condition variable: consumers wait until a producer has put an item, under a lock.
 *
 * `wait` releases the lock and enqueues the thread in one atomic step. The item count is `owned` memory, which the
 * lock protects. There are no spurious wake-ups: a thread that may wake up at any time is never in a deadlock, and so
 * would hide a lost one.
 */
import { actorSet, counter, defineDesign, defineMutant, defineSystem, owned, shared } from 'precopy';

const system = defineSystem({
  name: 'condition-variable',
  params: { consumers: { default: 2, min: 1, max: 3, description: 'consumers; each takes one item' } },
  memory: ({ consumers }) => ({
    monitor: shared({ lock: counter(1), waiters: actorSet(consumers) }),
    buffer: owned({ items: counter(consumers) }),
  }),
  actors: { consumer: ({ consumers }) => consumers, producer: 'one' },
  tags: ['done', 'blocked'],
});

const thread = system.actor({
  events: { STEP: {}, LOCK: {} },
  registers: ({ consumers }) => ({ put: counter(consumers) }),
});

const locking = thread.implement({
  actions: {
    lock: ({ context: { monitor } }) => monitor.lock.set(1),
    unlock: ({ context: { monitor } }) => monitor.lock.set(0),
  },
  guards: { isUnlocked: ({ context: { monitor } }) => monitor.lock.get() === 0 },
});

/** Blocks until the lock is free. */
const takeLock = {
  guard: 'isUnlocked',
  actions: 'lock',
  meta: { coarse: 'a cmpxchg that fails changes nothing: only the one that succeeds is a step' },
} as const;

const atomicWait = { coarse: 'wait releases the lock and enqueues the thread atomically' };

const consumer = thread
  .use(
    locking,
    thread.implement({
      actions: {
        takeItem: ({ context: { buffer } }) => buffer.items.set(buffer.items.get() - 1),
        enqueue: ({ context: { monitor, me } }) => monitor.waiters.set(me),
      },
      guards: {
        hasItem: ({ context: { buffer } }) => buffer.items.get() > 0,
        wasSignalled: ({ context: { monitor, me } }) => !monitor.waiters.has(me),
      },
    }),
  )
  .createMachine({
    id: 'consumer',
    initial: 'locking',
    states: {
      locking: { on: { LOCK: { ...takeLock, target: 'checking' } } },
      checking: { always: [{ guard: 'hasItem', target: 'taking' }, { target: 'waiting' }] },
      waiting: { on: { STEP: { actions: ['enqueue', 'unlock'], target: 'blocked', meta: atomicWait } } },
      blocked: { tags: ['blocked'], on: { STEP: { guard: 'wasSignalled', target: 'locking' } } },
      taking: { on: { STEP: { actions: ['takeItem', 'unlock'], target: 'done' } } },
      done: { type: 'final', tags: ['done'] },
    },
  });

const producer = thread
  .use(
    locking,
    thread.implement({
      actions: {
        putItem: ({ context: { buffer, my } }) => {
          buffer.items.set(buffer.items.get() + 1);
          my.put += 1;
        },
        broadcast: ({ context: { monitor } }) => monitor.waiters.fill(false),
      },
      guards: { hasPutAll: ({ context: { my, params } }) => my.put === params.consumers },
    }),
  )
  .createMachine({
    id: 'producer',
    initial: 'locking',
    states: {
      locking: { on: { LOCK: { ...takeLock, target: 'putting' } } },
      putting: { on: { STEP: { actions: ['putItem', 'unlock'], target: 'signalling' } } },
      signalling: { on: { STEP: { actions: 'broadcast', target: 'signalled' } } },
      signalled: { always: [{ guard: 'hasPutAll', target: 'done' }, { target: 'locking' }] },
      done: { type: 'final', tags: ['done'] },
    },
  });

const { noDeadlock, reachable } = system.properties;

const conditionVariable = defineDesign({
  id: 'condition-variable',
  title: 'consumers wait on a condition variable',
  system,
  machines: { consumer, producer },
  properties: [
    noDeadlock(
      { id: 'no-lost-wake-up', description: 'some step is enabled until each consumer has its item' },
      ({ is, params }) => is.done.count() === params.consumers + 1,
    ),
    reachable(
      { id: 'blocked', description: 'all consumers wait' },
      ({ is, params }) => is.blocked.count() === params.consumers,
    ),
  ],
});

export const unlocksThenWaits = defineMutant(conditionVariable, 'unlocks-then-waits', {
  bug: 'wait releases the lock before it enqueues the thread: a signal in between is lost',
  breaks: 'no-lost-wake-up',
  machines: {
    consumer: consumer.extend({
      states: {
        waiting: { on: { STEP: { actions: 'unlock', target: 'enqueueing' } } },
        enqueueing: { on: { STEP: { actions: 'enqueue', target: 'blocked' } } },
      },
    }),
  },
});

export const checksOnce = defineMutant(conditionVariable, 'checks-once', {
  bug: 'a consumer takes an item after wait without another check, where another consumer has taken it: if, not while',
  breaks: 'well-formed',
  machines: {
    consumer: consumer.extend({
      states: {
        blocked: { on: { STEP: { guard: 'wasSignalled', target: 'relocking' } } },
        relocking: { on: { LOCK: { ...takeLock, target: 'taking' } } },
      },
    }),
  },
});

export default conditionVariable;
export const designs = [conditionVariable, unlocksThenWaits, checksOnce];
