/**
 * RCU: readers follow a pointer without a lock; an updater replaces the object and frees the old one after a grace
 * period.
 *
 * A read-side critical section is a bit for each reader, as `rcu_read_lock_nesting` is of preemptible RCU. A grace
 * period ends when each reader was seen outside of a critical section once.
 */
import { bit, bitmap, defineDesign, defineMutant, defineSystem, index, shared } from 'precopy';

const system = defineSystem({
  name: 'rcu',
  params: { readers: { default: 2, min: 1, max: 4, description: 'readers' } },
  memory: ({ readers }) => ({
    rcu: shared({ inCriticalSection: bitmap(readers) }),
    objects: shared({ pointer: index(2), allocated: [bit(true), bit()] }),
  }),
  actors: { reader: ({ readers }) => readers, updater: 'one' },
  tags: ['reading', 'usedAfterFree', 'waitsForReaders'],
});

const reader = system
  .actor({ events: { STEP: {} }, registers: () => ({ object: index(2) }) })
  .setup({
    actions: {
      readLock: ({ context: { rcu, nth } }) => rcu.inCriticalSection.set(nth),
      loadPointer: ({ context: { objects, my } }) => {
        my.object = objects.pointer.get();
      },
      readUnlock: ({ context: { rcu, nth } }) => rcu.inCriticalSection.clear(nth),
    },
    guards: { isAllocated: ({ context: { objects, my } }) => objects.allocated(my.object).get() },
  })
  .createMachine({
    id: 'reader',
    initial: 'outside',
    states: {
      outside: { on: { STEP: { actions: 'readLock', target: 'entered' } } },
      entered: { on: { STEP: { actions: 'loadPointer', target: 'reading' } } },
      reading: {
        tags: ['reading'],
        on: { STEP: [{ guard: 'isAllocated', target: 'leaving' }, { target: 'usedAfterFree' }] },
      },
      leaving: { on: { STEP: { actions: 'readUnlock', target: 'outside' } } },
      usedAfterFree: { type: 'final', tags: ['usedAfterFree'] },
    },
  });

const updater = system
  .actor({ events: { STEP: {} }, registers: ({ readers }) => ({ old: index(2), nextReader: index(readers + 1) }) })
  .setup({
    actions: {
      allocate: ({ context: { objects, my } }) => objects.allocated(1 - my.old).set(true),
      publish: ({ context: { objects, my } }) => objects.pointer.set(1 - my.old),
      nextReader: ({ context: { my } }) => {
        my.nextReader += 1;
      },
      freeOld: ({ context: { objects, my } }) => {
        objects.allocated(my.old).set(false);
        my.old = 1 - my.old;
        my.nextReader = 0;
      },
    },
    guards: {
      sawAllReaders: ({ context: { my, params } }) => my.nextReader === params.readers,
      isOutside: ({ context: { rcu, my } }) => !rcu.inCriticalSection.has(my.nextReader),
    },
  })
  .createMachine({
    id: 'updater',
    initial: 'allocating',
    states: {
      allocating: { on: { STEP: { actions: 'allocate', target: 'publishing' } } },
      publishing: { on: { STEP: { actions: 'publish', target: 'synchronizing' } } },
      synchronizing: {
        tags: ['waitsForReaders'],
        always: { guard: 'sawAllReaders', target: 'freeing' },
        on: { STEP: { guard: 'isOutside', actions: 'nextReader' } },
      },
      freeing: { on: { STEP: { actions: 'freeOld', target: 'allocating' } } },
    },
  });

const { never, reachable } = system.properties;

const rcu = defineDesign({
  id: 'rcu',
  title: 'an object is replaced under RCU',
  system,
  machines: { reader, updater },
  properties: [
    never(
      { id: 'no-use-after-free', description: 'no reader uses a freed object' },
      ({ is }) => is.usedAfterFree.count() > 0,
    ),
    reachable(
      { id: 'reader-delays', description: 'a reader reads while the updater waits' },
      ({ is }) => is.reading.count() > 0 && is.waitsForReaders.count() > 0,
    ),
  ],
});

const bug = { breaks: 'no-use-after-free' };

export const noGracePeriod = defineMutant(rcu, 'no-grace-period', {
  ...bug,
  bug: 'the old object is freed without a grace period',
  machines: {
    updater: updater.extend({ states: { publishing: { on: { STEP: { actions: 'publish', target: 'freeing' } } } } }),
  },
});

export const loadsBeforeLock = defineMutant(rcu, 'loads-before-lock', {
  ...bug,
  bug: 'a reader loads the pointer before its critical section begins',
  machines: {
    reader: reader.extend({
      states: {
        outside: { on: { STEP: { actions: 'loadPointer', target: 'entered' } } },
        entered: { on: { STEP: { actions: 'readLock', target: 'reading' } } },
      },
    }),
  },
});

export const waitsTooEarly = defineMutant(rcu, 'waits-too-early', {
  ...bug,
  bug: 'the grace period ends before the new object is published',
  machines: {
    updater: updater.extend({
      states: {
        allocating: { on: { STEP: { actions: 'allocate', target: 'synchronizing' } } },
        synchronizing: { always: { guard: 'sawAllReaders', target: 'publishing' } },
        publishing: { on: { STEP: { actions: 'publish', target: 'freeing' } } },
      },
    }),
  },
});

export default rcu;
export const designs = [rcu, noGracePeriod, loadsBeforeLock, waitsTooEarly];
