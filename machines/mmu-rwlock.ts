import { actor, actorQueue, actorSet } from '../src/model/declare.ts';
import { and, not } from '../src/model/machine.ts';
import { kvm } from './system.ts';

/**
 * `kvm->mmu_lock` as a reader-writer lock, as x86 has it since Linux 5.12: a queued rwlock (kernel/locking/qrwlock.c),
 * first come, first served, where adjacent readers in the queue are granted together. A release by an actor that does
 * not hold it violates `well-formed`.
 */
export const mmuRwLock = kvm
  .actor({
    events: {},
    registers: (_, { actorsThatTake }) => ({
      /** the actor that holds it alone */
      writer: actor(),
      /** the actors that share it */
      readers: actorSet(),
      /** actors that wait for it, in the order of their requests */
      waiters: actorQueue(Math.max(0, actorsThatTake('LOCK_GRANTED') - 1)),
      /** the waiters that want to write */
      waitingWriters: actorSet(),
    }),
  })
  .setup({
    actions: {
      grantToWriter: ({ context: { my, send }, event }) => {
        my.writer = event.from;
        send('LOCK_GRANTED', event.from);
      },
      grantToReader: ({ context: { my, send }, event }) => {
        my.readers.set(event.from);
        send('LOCK_GRANTED', event.from);
      },
      enqueueReader: ({ context: { my }, event }) => my.waiters.push(event.from),
      enqueueWriter: ({ context: { my }, event }) => {
        my.waiters.push(event.from);
        my.waitingWriters.set(event.from);
      },
      grantToNextWriter: ({ context: { my, send } }) => {
        my.writer = my.waiters.shift();
        my.waitingWriters.clear(my.writer);
        send('LOCK_GRANTED', my.writer);
      },
      grantToNextReaders: ({ context: { my, send } }) => {
        while (!my.waiters.isEmpty() && !my.waitingWriters.has(my.waiters.peek())) {
          const reader = my.waiters.shift();
          my.readers.set(reader);
          send('LOCK_GRANTED', reader);
        }
      },
      removeReader: ({ context: { my }, event }) => my.readers.clear(event.from),
      forgetWriter: ({ context: { my, actors } }) => {
        my.writer = actors.nobody;
      },
    },
    guards: {
      queueIsEmpty: ({ context: { my } }) => my.waiters.isEmpty(),
      noReaderLeft: ({ context: { my } }) => my.readers.isEmpty(),
      writerIsNext: ({ context: { my } }) => !my.waiters.isEmpty() && my.waitingWriters.has(my.waiters.peek()),
      byReader: ({ context: { my }, event }) => my.readers.has(event.from),
      byWriter: ({ context: { my }, event }) => event.from === my.writer,
    },
  })
  .createMachine({
    id: 'mmu-rwlock',
    initial: 'free',
    states: {
      free: {
        description: 'no actor holds the lock',
        on: {
          LOCK: { actions: 'grantToWriter', target: 'written' },
          LOCK_SHARED: { actions: 'grantToReader', target: 'read' },
        },
      },
      read: {
        description: 'read_lock(&kvm->mmu_lock): one or more readers hold the lock',
        on: {
          LOCK: { actions: 'enqueueWriter' },
          LOCK_SHARED: [{ guard: 'queueIsEmpty', actions: 'grantToReader' }, { actions: 'enqueueReader' }],
          UNLOCK_SHARED: { guard: 'byReader', actions: 'removeReader', target: 'readerLeft' },
        },
      },
      readerLeft: {
        description: 'read_unlock(&kvm->mmu_lock): the last reader lets the next writer in',
        always: [
          { guard: not('noReaderLeft'), target: 'read' },
          { guard: 'queueIsEmpty', target: 'free' },
          { actions: 'grantToNextWriter', target: 'written' },
        ],
      },
      written: {
        description: 'write_lock(&kvm->mmu_lock): one writer holds the lock',
        on: {
          LOCK: { actions: 'enqueueWriter' },
          LOCK_SHARED: { actions: 'enqueueReader' },
          UNLOCK: [
            { guard: and(['byWriter', 'writerIsNext']), actions: 'grantToNextWriter' },
            { guard: and(['byWriter', 'queueIsEmpty']), actions: 'forgetWriter', target: 'free' },
            { guard: 'byWriter', actions: ['forgetWriter', 'grantToNextReaders'], target: 'read' },
          ],
        },
      },
    },
  });
