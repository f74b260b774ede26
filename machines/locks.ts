import { actor, actorQueue } from '../src/model/declare.ts';
import { kvm } from './system.ts';

type Messages = keyof typeof kvm.spec.messages;

/** Returns a lock whose waiters queue, first come, first served. Its messages take, grant and release it. */
const fifoLock = <const Lock extends Messages, const Unlock extends Messages>(
  id: string,
  lock: Lock,
  granted: 'LOCK_GRANTED' | 'SLOTS_LOCKED' | 'BQL_LOCKED' | 'BITMAP_LOCKED' | 'FREE_PAGES_LOCKED',
  unlock: Unlock,
) =>
  kvm
    .actor({
      events: {},
      registers: (_, { actorsThatTake }) => ({
        holder: actor(),
        waiters: actorQueue(Math.max(0, actorsThatTake(granted) - 1)),
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
        forgetHolder: ({ context: { my, actors } }) => {
          my.holder = actors.nobody;
        },
      },
      guards: {
        byHolder: ({ context: { my }, event }) => event.from === my.holder,
        hasWaiters: ({ context: { my }, event }) => event.from === my.holder && !my.waiters.isEmpty(),
      },
    })
    .createMachine({
      id,
      initial: 'free',
      states: {
        free: { description: 'no actor holds the lock', on: { [lock]: { actions: 'grant', target: 'held' } } },
        held: {
          description: 'one actor holds the lock; others wait in the order of their requests',
          on: {
            [lock]: { actions: 'enqueue' },
            [unlock]: [
              { guard: 'hasWaiters', actions: 'grantToNext' },
              { guard: 'byHolder', actions: 'forgetHolder', target: 'free' },
            ],
          },
        },
      },
    });

/** `kvm->mmu_lock` as a queued spinlock. Linux 2.6.25 on x86 (ticket lock), `spin_lock`. */
export const mmuLock = fifoLock('mmu-lock', 'LOCK', 'LOCK_GRANTED', 'UNLOCK');

/**
 * `kvm->slots_lock`: a mutex, whose waiters queue as well; no spinner overtakes them here. Linux 2.6.33 on,
 * `mutex_lock`.
 */
export const slotsLock = fifoLock('slots-lock', 'LOCK_SLOTS', 'SLOTS_LOCKED', 'UNLOCK_SLOTS');

/** QEMU's big lock, where two of its threads take the log: `bql_lock` (system/cpus.c), a mutex. QEMU 10.2. */
export const bql = fifoLock('bql', 'LOCK_BQL', 'BQL_LOCKED', 'UNLOCK_BQL');

/**
 * `bitmap_mutex` of `RAMState` (migration/ram.c), for `RAMBlock.bmap` and `migration_dirty_pages`. QEMU 4.0 on
 * (386a907b37a9).
 */
export const bitmapMutex = fifoLock('bitmap-mutex', 'LOCK_BITMAP', 'BITMAP_LOCKED', 'UNLOCK_BITMAP');

/**
 * `free_page_lock` of the balloon (hw/virtio/virtio-balloon.c), for its status and for taking a hint. QEMU 4.0 on
 * (c13c4153f76d).
 */
export const freePageLock = fifoLock('free-page-lock', 'LOCK_FREE_PAGES', 'FREE_PAGES_LOCKED', 'UNLOCK_FREE_PAGES');
