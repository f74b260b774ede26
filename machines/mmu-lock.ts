import { index, queue } from '../src/model/cells.ts';
import { actorCount, kvm } from './system.ts';

/** `kvm->mmu_lock` as a queued spinlock: whoever asked first gets it first. Linux 2.6.25 on x86 (ticket lock), `spin_lock`. */
export const mmuLock = kvm
  .actor({
    events: {},
    registers: (size) => ({
      holder: index(actorCount(size)),
      waiters: queue(actorCount(size) - 1, actorCount(size)),
    }),
  })
  .setup({
    actions: {
      grant: ({ context: { my, send }, event }) => {
        my.holder = event.from;
        send('LOCK_GRANTED', event.from);
      },
      enqueue: ({ context: { my }, event }) => my.waiters.push(event.from),
      grantToNext: ({ context: { my, send } }) => {
        my.holder = my.waiters.shift();
        send('LOCK_GRANTED', my.holder);
      },
      forgetHolder: ({ context: { my } }) => {
        my.holder = 0;
      },
    },
    guards: {
      byHolder: ({ context: { my }, event }) => event.from === my.holder,
      someoneWaits: ({ context: { my }, event }) => event.from === my.holder && !my.waiters.isEmpty(),
    },
  })
  .createMachine({
    id: 'mmu-lock',
    initial: 'free',
    states: {
      free: { on: { LOCK: { actions: 'grant', target: 'held' } } },
      held: {
        on: {
          LOCK: { actions: 'enqueue' },
          UNLOCK: [
            { guard: 'someoneWaits', actions: 'grantToNext' },
            { guard: 'byHolder', actions: 'forgetHolder', target: 'free' },
          ],
        },
      },
    },
  });
