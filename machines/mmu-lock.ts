import { index, queue } from '../src/model/cells.ts';
import { actorCount, kvm, lockerCount } from './system.ts';

const fifoLock = (granted: 'LOCK_GRANTED' | 'SLOTS_LOCKED' | 'BQL_LOCKED') =>
  kvm
    .actor({
      events: {},
      registers: (size) => ({
        holder: index(actorCount(size)),
        waiters: queue(lockerCount(size) - 1, actorCount(size)),
      }),
    })
    .setup({
      actions: {
        grant: ({ context: { my, send }, event }) => {
          my.holder = event.from;
          send(granted, event.from);
        },
        enqueue: ({ context: { my }, event }) => my.waiters.push(event.from),
        grantToNext: ({ context: { my, send } }) => {
          my.holder = my.waiters.shift();
          send(granted, my.holder);
        },
        forgetHolder: ({ context: { my } }) => {
          my.holder = 0;
        },
      },
      guards: {
        byHolder: ({ context: { my }, event }) => event.from === my.holder,
        someoneWaits: ({ context: { my }, event }) => event.from === my.holder && !my.waiters.isEmpty(),
      },
    });

/** `kvm->mmu_lock` as a queued spinlock: whoever asked first gets it first. Linux 2.6.25 on x86 (ticket lock), `spin_lock`. */
export const mmuLock = fifoLock('LOCK_GRANTED').createMachine({
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

/** `kvm->slots_lock`: a mutex, whose waiters queue as well; nobody spins past them here. Linux 2.6.33 on, `mutex_lock`. */
export const slotsLock = fifoLock('SLOTS_LOCKED').createMachine({
  id: 'slots-lock',
  initial: 'free',
  states: {
    free: { on: { LOCK_SLOTS: { actions: 'grant', target: 'held' } } },
    held: {
      on: {
        LOCK_SLOTS: { actions: 'enqueue' },
        UNLOCK_SLOTS: [
          { guard: 'someoneWaits', actions: 'grantToNext' },
          { guard: 'byHolder', actions: 'forgetHolder', target: 'free' },
        ],
      },
    },
  },
});

/** QEMU's big lock, where two of its threads take the log: `bql_lock` (system/cpus.c), a mutex. QEMU 10.2. */
export const bql = fifoLock('BQL_LOCKED').createMachine({
  id: 'bql',
  initial: 'free',
  states: {
    free: { on: { LOCK_BQL: { actions: 'grant', target: 'held' } } },
    held: {
      on: {
        LOCK_BQL: { actions: 'enqueue' },
        UNLOCK_BQL: [
          { guard: 'someoneWaits', actions: 'grantToNext' },
          { guard: 'byHolder', actions: 'forgetHolder', target: 'free' },
        ],
      },
    },
  },
});
