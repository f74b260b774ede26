import { defineMutant } from '../../src/model/define-design.ts';
import { slotRemoval, slotRemovalPml } from '../designs/index.ts';
import { migrationThatRemoves, setMemoryRegionThatRemoves, setMemoryRegionThatRemovesPml } from '../slot-removal.ts';
import { step } from '../step.ts';

const deleteAfterLog = defineMutant(slotRemoval, 'delete-after-log', {
  bug: 'the log of a slot is taken a last time, and the slot deleted with its bitmap, while the vCPUs go on writing: QEMU 10.2 (M21)',
  breaks: 'no-lost-write',
  machines: { migration: migrationThatRemoves.extend({ states: { removing: { initial: 'syncing' } } }) },
});

const readOnlyWithoutGracePeriod = defineMutant(slotRemoval, 'read-only-without-grace-period', {
  bug: 'a slot is made read-only without synchronize_srcu: a fault that found it writable marks it after the last log',
  breaks: 'no-lost-write',
  machines: {
    setMemoryRegion: setMemoryRegionThatRemoves.extend({
      states: {
        readOnly: {
          states: { publishMemslots: { on: step('publishUnwritableMemslots', 'lockMmu') } },
        },
      },
    }),
  },
});

const drainNotAwaited = defineMutant(slotRemovalPml, 'drain-not-awaited', {
  bug: 'a slot is made read-only, vCPUs leave the guest, and no grace period waits until they have drained their logs: those pages come after the last log (M21)',
  breaks: 'no-lost-write',
  machines: {
    setMemoryRegion: setMemoryRegionThatRemovesPml.extend({
      states: {
        waitForDrains: {
          tags: [],
          entry: ['releaseSlotsLock', 'returnFromSetting'],
          always: 'inUserspace',
        },
      },
    }),
  },
});

/** Bugs of the removal of a slot while the guest writes. */
export const slotRemovalMutants = [deleteAfterLog, readOnlyWithoutGracePeriod, drainNotAwaited];
