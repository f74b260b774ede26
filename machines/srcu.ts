import { actor, actorSet } from '../src/model/declare.ts';
import { kvm } from './system.ts';

/**
 * `kvm->srcu`: readers, and grace periods that wait for readers that began earlier. Linux 2.6.37, kernel/srcu.c. The
 * effect of its two counters and their flip is modelled as a set of readers to wait for.
 */
export const srcu = kvm
  .actor({
    events: {},
    registers: () => ({
      /** actors in a read section */
      readers: actorSet(),
      /** readers that the current grace period waits for */
      waitsFor: actorSet(),
      /** the caller of `synchronize_srcu` */
      updater: actor(),
    }),
  })
  .setup({
    actions: {
      addReader: ({ context: { my }, event }) => my.readers.set(event.from),
      removeReader: ({ context: { my }, event }) => {
        my.readers.clear(event.from);
        my.waitsFor.clear(event.from);
      },
      startGracePeriod: ({ context: { my }, event }) => {
        my.waitsFor.copyFrom(my.readers);
        my.updater = event.from;
      },
      endGracePeriod: ({ context: { my, actors, send } }) => {
        send('GRACE_PERIOD_OVER', my.updater);
        my.updater = actors.nobody;
      },
    },
    guards: {
      noReaderLeft: ({ context: { my } }) => my.waitsFor.isEmpty(),
    },
  })
  .createMachine({
    id: 'srcu',
    initial: 'idle',
    states: {
      idle: {
        description: 'no grace period is under way; srcu_read_lock and srcu_read_unlock count readers',
        on: {
          SRCU_READ_LOCK: { actions: 'addReader' },
          SRCU_READ_UNLOCK: { actions: 'removeReader' },
          SYNCHRONIZE_SRCU: { actions: 'startGracePeriod', target: 'gracePeriod' },
        },
      },
      gracePeriod: {
        description: 'synchronize_srcu_expedited waits until the readers of before have called srcu_read_unlock',
        always: { guard: 'noReaderLeft', actions: 'endGracePeriod', target: 'idle' },
        on: {
          SRCU_READ_LOCK: { actions: 'addReader' },
          SRCU_READ_UNLOCK: { actions: 'removeReader' },
        },
      },
    },
  });
