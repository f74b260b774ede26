/**
 * A test-and-set spinlock: `xchg` takes the lock, a plain store releases it, as on x86.
 *
 * The lock protects `owned` memory. precopy reports a race where two threads may access it at the same time, so the
 * data needs no property of its own. The design runs under TSO: the store that releases the lock waits in a store
 * buffer, and needs no barrier, since stores leave the buffer in their order.
 */
import { bit, counter, defineDesign, defineMutant, defineSystem, owned, shared } from 'precopy';

const system = defineSystem({
  name: 'spinlock',
  params: { threads: { default: 2, min: 1, max: 4, description: 'threads that take the lock' } },
  memory: () => ({ lock: shared({ taken: counter(1) }), data: owned({ value: bit() }) }),
  actors: { thread: ({ threads }) => threads },
  tags: ['inside'],
});

const thread = system
  .actor({ events: { STEP: {} }, registers: () => ({ old: counter(1) }) })
  .setup({
    actions: {
      xchgLock: ({ context: { lock, my } }) => {
        my.old = lock.taken.xchg(1);
      },
      loadLock: ({ context: { lock, my } }) => {
        my.old = lock.taken.get();
      },
      storeLock: ({ context: { lock } }) => lock.taken.set(1),
      flipValue: ({ context: { data } }) => data.value.set(!data.value.get()),
      unlock: ({ context: { lock } }) => lock.taken.set(0),
    },
    guards: { wasFree: ({ context: { my } }) => my.old === 0 },
  })
  .createMachine({
    id: 'thread',
    initial: 'spinning',
    states: {
      spinning: { on: { STEP: { actions: 'xchgLock', target: 'tested' } } },
      tested: { always: [{ guard: 'wasFree', target: 'inside' }, { target: 'spinning' }] },
      inside: { tags: ['inside'], on: { STEP: { actions: 'flipValue', target: 'unlocking' } } },
      unlocking: { tags: ['inside'], on: { STEP: { actions: 'unlock', target: 'spinning' } } },
    },
  });

const { never, reachable } = system.properties;

const spinlock = defineDesign({
  id: 'spinlock',
  title: 'a test-and-set spinlock',
  system,
  machines: { thread },
  memoryModel: 'tso',
  properties: [
    never(
      { id: 'mutual-exclusion', description: 'two threads are not inside together' },
      ({ is }) => is.inside.count() > 1,
    ),
    reachable({ id: 'inside', description: 'a thread is inside' }, ({ is }) => is.inside.count() > 0),
  ],
});

export const loadThenStore = defineMutant(spinlock, 'load-then-store', {
  bug: 'the lock is tested by a load and taken by a store: another thread may come in between',
  breaks: 'mutual-exclusion',
  races: { 'data.value': 'two threads are inside together, as mutual-exclusion shows' },
  machines: {
    thread: thread.extend({
      states: {
        spinning: { on: { STEP: { actions: 'loadLock', target: 'tested' } } },
        tested: { always: [{ guard: 'wasFree', target: 'taking' }, { target: 'spinning' }] },
        taking: { on: { STEP: { actions: 'storeLock', target: 'inside' } } },
      },
    }),
  },
});

export const unlocksFirst = defineMutant(spinlock, 'unlocks-first', {
  bug: 'the data is accessed after the lock is released',
  breaks: 'well-formed',
  machines: {
    thread: thread.extend({
      states: {
        inside: { on: { STEP: { actions: 'unlock', target: 'outside' } } },
        outside: { on: { STEP: { actions: 'flipValue', target: 'spinning' } } },
      },
    }),
  },
});

export default spinlock;
export const designs = [spinlock, loadThenStore, unlocksFirst];
