import { ioctl } from '../../../machines/ioctl/ioctl.ts';
import { mmuLocking, slotsLocking } from '../../../machines/ioctl/locks.ts';
import { loggingMemslots, srcuUpdate } from '../../../machines/ioctl/memslots.ts';
import { spteWalk } from '../../../machines/ioctl/sptes.ts';
import { flushRemoteTlbs, tlbFlush } from '../../../machines/ioctl/tlb-flush.ts';
import { step } from '../../../machines/step.ts';

/** What switching the log on can do next. */
export const startOperations = ['publish', 'synchronize', 'protectAll', 'flush'] as const;
export type StartOperation = (typeof startOperations)[number];

type States = Record<string, unknown>;

const parts = ioctl.use(slotsLocking, mmuLocking, srcuUpdate, loggingMemslots, spteWalk, tlbFlush);

/** Returns a KVM_SET_USER_MEMORY_REGION that does these operations in this order, and protects under `mmu_lock`. */
export function setMemoryRegionInOrder(order: readonly StartOperation[]) {
  const nameOf = (n: number): string => order[n] ?? 'end';
  const tags = ['inIoctl'];
  const states: States = {
    inUserspace: { on: { SET_USER_MEMORY_REGION: 'lockSlots' } },
    lockSlots: { tags, entry: 'requestSlotsLock', on: { SLOTS_LOCKED: nameOf(0) } },
    end: { tags, on: step(['releaseSlotsLock', 'returnFromSetting'], 'inUserspace') },
  };
  order.forEach((operation, n) => {
    const next = nameOf(n + 1);
    switch (operation) {
      case 'publish':
        states['publish'] = { tags, on: step('publishLoggingMemslots', next) };
        break;
      case 'synchronize':
        states['synchronize'] = {
          tags: [...tags, 'waitsForGracePeriod'],
          entry: 'synchronizeSrcu',
          on: { GRACE_PERIOD_OVER: next },
        };
        break;
      case 'protectAll':
        states['protectAll'] = {
          tags: [...tags, 'waitsForMmuLock'],
          entry: 'requestMmuLock',
          on: { LOCK_GRANTED: 'walk' },
        };
        states['walk'] = {
          tags: [...tags, 'holdsMmuLock'],
          always: { guard: 'walkedAllPages', actions: ['resetWalk', 'releaseMmuLock'], target: next },
          on: step('dropWritableSpte'),
        };
        break;
      case 'flush':
        states['flush'] = flushRemoteTlbs(tags, { target: `#set-memory-region.${next}` });
    }
  });
  // The states have names that are made here, which the types of the builder cannot know.
  return parts.createMachine({ id: 'set-memory-region', initial: 'inUserspace', states } as never);
}
