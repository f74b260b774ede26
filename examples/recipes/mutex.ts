/**
 * A mutex that sleeps and hands the lock over to its oldest waiter: an actor of its own, which takes requests as
 * rendezvous messages.
 *
 * The mutant wakes the oldest waiter and lets it try again. A running thread may take the lock before the woken one
 * does, again and again. Linux had that starvation until `MUTEX_FLAG_HANDOFF` (9d659ae14b54, Linux 4.10). It is a bug
 * of liveness: mutual exclusion holds, and there is no deadlock.
 */
import { actorQueue, defineDesign, defineMutant, defineSystem, rendezvous } from 'precopy';

const system = defineSystem({
  name: 'mutex',
  params: { threads: { default: 3, min: 2, max: 4, description: 'threads that take the mutex' } },
  memory: () => ({}),
  messages: { LOCK: rendezvous(), LOCKED: rendezvous(), WAKE: rendezvous(), UNLOCK: rendezvous() },
  actors: { thread: ({ threads }) => threads, mutex: 'one' },
  tags: ['waiting', 'inside'],
});

const thread = system
  .actor({ events: { ENTER: { optional: true }, STEP: {} } })
  .setup({
    actions: {
      requestLock: ({ context: { send, actors } }) => send('LOCK', actors.mutex),
      unlock: ({ context: { send, actors } }) => send('UNLOCK', actors.mutex),
    },
  })
  .createMachine({
    id: 'thread',
    initial: 'outside',
    states: {
      outside: { on: { ENTER: { actions: 'requestLock', target: 'waiting' } } },
      waiting: { tags: ['waiting'], on: { LOCKED: 'inside', WAKE: 'woken' } },
      woken: { tags: ['waiting'], on: { STEP: { actions: 'requestLock', target: 'waiting' } } },
      inside: { tags: ['inside'], on: { STEP: { actions: 'unlock', target: 'outside' } } },
    },
  });

const mutexActor = system
  .actor({
    events: {},
    registers: ({ threads }) => ({ waiters: actorQueue(threads, threads) }),
  })
  .setup({
    actions: {
      grant: ({ context: { send }, event }) => send('LOCKED', event.from),
      enqueue: ({ context: { my }, event }) => my.waiters.push(event.from),
      handOver: ({ context: { my, send } }) => send('LOCKED', my.waiters.shift()),
      wakeOldest: ({ context: { my, send } }) => send('WAKE', my.waiters.shift()),
    },
    guards: { hasWaiters: ({ context: { my } }) => !my.waiters.isEmpty() },
  })
  .createMachine({
    id: 'mutex',
    initial: 'free',
    states: {
      free: { on: { LOCK: { actions: 'grant', target: 'held' } } },
      held: {
        on: {
          LOCK: { actions: 'enqueue' },
          UNLOCK: [{ guard: 'hasWaiters', actions: 'handOver' }, { target: 'free' }],
        },
      },
    },
  });

const { leadsToForEach, never, noDeadlock } = system.properties;

const mutex = defineDesign({
  id: 'mutex',
  title: 'a mutex with handover to its oldest waiter',
  system,
  machines: { thread, mutex: mutexActor },
  properties: [
    never(
      { id: 'mutual-exclusion', description: 'two threads are not inside together' },
      ({ is }) => is.inside.count() > 1,
    ),
    noDeadlock({ id: 'no-deadlock', description: 'some step is always enabled' }),
    leadsToForEach(
      { id: 'no-starvation', description: 'each thread that waits is inside eventually' },
      ({ thread }) => thread,
      ({ is }, thread) => is.waiting.of(thread),
      ({ is }, thread) => is.inside.of(thread),
    ),
  ],
});

export const barging = defineMutant(mutex, 'barging', {
  bug: 'the oldest waiter is woken without the lock, and may find it taken each time',
  breaks: 'no-starvation',
  machines: {
    mutex: mutexActor.extend({
      states: {
        held: { on: { UNLOCK: [{ guard: 'hasWaiters', actions: 'wakeOldest', target: 'free' }, { target: 'free' }] } },
      },
    }),
  },
});

export default mutex;
export const designs = [mutex, barging];
