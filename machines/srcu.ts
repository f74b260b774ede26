import { actor } from '../src/model/declare.ts';
import { actorCount, actorsOf } from './params.ts';
import { kvm } from './system.ts';

/**
 * `kvm->srcu`: readers, and grace periods that wait for those who were there before. Linux 2.6.37, kernel/srcu.c. What its two counters
 * and their flip bring about is told here as a set of readers to wait for.
 */
export const srcu = kvm
  .actor({
    events: {},
    registers: (size) => ({
      readers: actorsOf(size),
      waitsFor: actorsOf(size),
      updater: actor(actorCount(size)),
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
      nobodyLeft: ({ context: { my } }) => my.waitsFor.isEmpty(),
    },
  })
  .createMachine({
    id: 'srcu',
    initial: 'idle',
    states: {
      idle: {
        on: {
          SRCU_READ_LOCK: { actions: 'addReader' },
          SRCU_READ_UNLOCK: { actions: 'removeReader' },
          SYNCHRONIZE_SRCU: { actions: 'startGracePeriod', target: 'gracePeriod' },
        },
      },
      gracePeriod: {
        always: { guard: 'nobodyLeft', actions: 'endGracePeriod', target: 'idle' },
        on: {
          SRCU_READ_LOCK: { actions: 'addReader' },
          SRCU_READ_UNLOCK: { actions: 'removeReader' },
        },
      },
    },
  });
