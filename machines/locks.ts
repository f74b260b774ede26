import { actor, actorQueue } from '../src/model/declare.ts';
import type { System } from '../src/model/system.ts';
import type { SystemTypes } from '../src/model/system-types.ts';
import { kvm } from './system.ts';

/**
 * Returns a lock whose waiters queue, first come, first served.
 * @param messages the messages of a system that take, grant and release it; none of them has fields
 * @example
 * const bql = fifoLock(system, 'bql', { lock: 'LOCK_BQL', granted: 'BQL_LOCKED', unlock: 'UNLOCK_BQL' });
 */
export const fifoLock = <
  T extends SystemTypes,
  const Lock extends keyof T['messages'] & string,
  const Granted extends keyof T['messages'] & string,
  const Unlock extends keyof T['messages'] & string,
>(
  system: System<T>,
  id: string,
  messages: { readonly lock: Lock; readonly granted: Granted; readonly unlock: Unlock },
) => {
  // the statechart is that of mmu_lock, with other messages
  const { lock, granted, unlock } = messages as unknown as typeof mmuLockMessages;
  return (system as unknown as typeof kvm)
    .actor({
      events: {},
      registers: (_, { actorsThatTake }) => ({
        /** the actor that holds the lock */
        holder: actor(),
        /** actors that wait for it, in the order of their requests */
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
};

const mmuLockMessages = { lock: 'LOCK', granted: 'LOCK_GRANTED', unlock: 'UNLOCK' } as const;

/** `kvm->mmu_lock` as a queued spinlock. Linux 2.6.25 on x86 (ticket lock), `spin_lock`. */
export const mmuLock = fifoLock(kvm, 'mmu-lock', mmuLockMessages);

/**
 * `kvm->slots_lock`: a mutex, whose waiters queue as well; no spinner overtakes them here. Linux 2.6.33 on,
 * `mutex_lock`.
 */
export const slotsLock = fifoLock(kvm, 'slots-lock', {
  lock: 'LOCK_SLOTS',
  granted: 'SLOTS_LOCKED',
  unlock: 'UNLOCK_SLOTS',
});
