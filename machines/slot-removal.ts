import { flushRemoteTlbs } from './get-dirty-log/flush-remote-tlbs.ts';
import { hostWriterInSlot } from './host-writer.ts';
import { migration } from './migration.ts';
import { setMemoryRegionLateFlush } from './set-memory-region.ts';
import { oneSpte } from './write-tracking.ts';

/**
 * QEMU that changes the memory map while it migrates, so that a slot is removed and added again (`kvm_set_phys_mem`, accel/kvm/kvm-all.c, QEMU 10.2;
 * a BAR that moves, say), in the order that P. Xu proposed in April 2020: the slot becomes read-only, which kicks the vCPUs, its log is taken a
 * last time, it is deleted. The thread that does it holds the BQL, so that no other log is taken meanwhile; pages are sent all the while.
 */
export const migrationThatRemoves = migration.extend({
  states: {
    iterating: { on: { REMOVE: 'removing' } },
    removing: {
      tags: ['removesSlot'],
      initial: 'settingReadOnly',
      on: { SEND: { guard: 'pageIsDirty', actions: ['clearDirtyBit', 'sendPage'] } },
      states: {
        settingReadOnly: { entry: 'callSetReadOnly', on: { MEMORY_REGION_SET: 'syncing' } },
        syncing: { entry: 'callGetDirtyLog', on: { DIRTY_LOG: 'merging' } },
        merging: { tags: ['logReturned'], on: { STEP: { actions: 'mergeLog', target: 'deleting' } } },
        deleting: { entry: 'callDeleteSlot', on: { MEMORY_REGION_SET: 'adding' } },
        adding: { entry: 'callSetUserMemoryRegion', on: { MEMORY_REGION_SET: '#migration.iterating' } },
      },
    },
  },
});

const writeProtect = { actions: 'dropWritableSpte' } as const;
/** where sptes have D bits: an spte that is gone has none */
const zap = { actions: 'zapNextSpte', meta: { coarse: oneSpte } } as const;

/** A slot that takes no writes is published; when no fault path has the old one any more, no spte is left writable, and TLBs are flushed. */
const untilNobodyWrites = <
  const Target extends string,
  const A extends string = never,
  const Step = typeof writeProtect,
>(
  then: { readonly target: Target; readonly actions?: readonly A[] },
  dropSpte: Step = writeProtect as Step,
) =>
  ({
    tags: ['inIoctl'],
    initial: 'lockSlots',
    states: {
      lockSlots: { entry: 'requestSlotsLock', on: { SLOTS_LOCKED: 'publishMemslots' } },
      publishMemslots: { on: { STEP: { actions: 'publishUnwritableMemslots', target: 'synchronizeSrcu' } } },
      synchronizeSrcu: {
        tags: ['waitsForGracePeriod'],
        entry: 'synchronizeSrcu',
        on: { GRACE_PERIOD_OVER: 'lockMmu' },
      },
      lockMmu: { tags: ['waitsForMmuLock'], entry: 'requestMmuLock', on: { LOCK_GRANTED: 'dropSptes' } },
      dropSptes: {
        tags: ['holdsMmuLock'],
        always: {
          guard: 'walkedAllPages',
          actions: ['rewindWalk', 'releaseMmuLock', 'startFlush'],
          target: 'makeRequests',
        },
        on: { STEP: dropSpte },
      },
      ...flushRemoteTlbs([], then).states,
    },
  }) as const;

/**
 * KVM_SET_USER_MEMORY_REGION that also makes a slot read-only, and deletes it: `kvm_set_memslot`, `kvm_invalidate_memslot`, `kvm_delete_memslot`
 * (virt/kvm/kvm_main.c) and `kvm_mmu_invalidate_zap_pages_in_memslot` (arch/x86/kvm/mmu/mmu.c), Linux 6.1. The bitmap is freed with the slot; a
 * slot that is added gets a new one. No kernel makes a slot read-only that is there: that is told as a change of flags, as for the log.
 */
export const setMemoryRegionThatRemoves = setMemoryRegionLateFlush.extend({
  states: {
    inUserspace: { on: { SET_READONLY: 'readOnly', DELETE_SLOT: 'deletion' } },
    readOnly: untilNobodyWrites({
      actions: ['releaseSlotsLock', 'returnFromSetting'],
      target: '#set-memory-region.inUserspace',
    }),
    deletion: untilNobodyWrites({ target: '#set-memory-region.freeBitmap' }),
    freeBitmap: {
      tags: ['inIoctl'],
      on: { STEP: { actions: ['freeOldBitmap', 'releaseSlotsLock', 'returnFromSetting'], target: 'inUserspace' } },
    },
  },
});

/**
 * The same where vCPUs have page-modification logs: the flush of a slot that becomes read-only takes them out of the guest, and acknowledges that
 * before they have drained their logs. So a second grace period waits for them: they are in the read section until they enter again.
 */
export const setMemoryRegionThatRemovesPml = setMemoryRegionThatRemoves.extend({
  states: {
    readOnly: untilNobodyWrites({ target: '#set-memory-region.waitForDrains' }),
    waitForDrains: {
      tags: ['inIoctl', 'waitsForGracePeriod'],
      entry: 'synchronizeSrcu',
      on: { GRACE_PERIOD_OVER: { actions: ['releaseSlotsLock', 'returnFromSetting'], target: 'inUserspace' } },
    },
    deletion: untilNobodyWrites({ target: '#set-memory-region.freeBitmap' }, zap),
  },
});

/** KVM that writes by itself where the slot may take no writes: `kvm_write_guest_page` returns -EFAULT. */
export const hostWriterWithSlotRemoval = hostWriterInSlot.extend({
  states: { writeGuestPage: { always: { guard: 'slotTakesNoWrites', target: 'endWrite' } } },
});
