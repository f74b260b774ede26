import { hostWriterInSlot } from './host-writer.ts';
import { ioctl } from './ioctl/ioctl.ts';
import { oldBitmap } from './ioctl/memslots.ts';
import { flushRemoteTlbs } from './ioctl/tlb-flush.ts';
import { migrationThread } from './migration/thread.ts';
import { migration } from './migration.ts';
import { setMemoryRegionLateFlush } from './set-memory-region.ts';
import { step } from './step.ts';
import { notWritable } from './system.ts';
import { unwritableSlot } from './vcpu/slot-removal.ts';
import { oneSpte } from './write-tracking.ts';

/** The two changes of a slot that KVM_SET_USER_MEMORY_REGION makes besides logging. */
const slotCalls = migrationThread.implement({
  actions: {
    callSetReadOnly: ({ context: { send, actors } }) => send('SET_READONLY', actors.setMemoryRegion),
    callDeleteSlot: ({ context: { send, actors } }) => send('DELETE_SLOT', actors.setMemoryRegion),
  },
});

/**
 * `migration` of a QEMU that changes the memory map meanwhile, so that a slot is removed and added again
 * (`kvm_set_phys_mem`, accel/kvm/kvm-all.c, QEMU 10.2; a BAR that moves, for example), in the order that P. Xu proposed
 * in April 2020: the slot becomes read-only, which kicks the vCPUs, its log is taken for the last time, and it is
 * deleted. The thread that does it holds the BQL, so that no other log is taken meanwhile; pages are sent meanwhile.
 */
export const migrationThatRemoves = migration.use(slotCalls).extend({
  states: {
    iterating: { on: { REMOVE: 'removing' } },
    removing: {
      tags: ['removesSlot'],
      initial: 'settingReadOnly',
      on: { SEND: { guard: 'pageIsDirty', actions: ['clearDirtyBit', 'sendPage'] } },
      states: {
        settingReadOnly: {
          description: 'KVM_SET_USER_MEMORY_REGION with KVM_MEM_READONLY',
          entry: 'callSetReadOnly',
          on: { MEMORY_REGION_SET: 'syncing' },
        },
        syncing: {
          description: 'kvm_slot_get_dirty_log: kvm_vm_ioctl(s, KVM_GET_DIRTY_LOG, &d)',
          entry: 'callGetDirtyLog',
          on: { DIRTY_LOG: 'merging' },
        },
        merging: {
          description: 'the last log of the slot is merged into RAMBlock.bmap',
          tags: ['logReturned'],
          on: step('mergeLog', 'deleting'),
        },
        deleting: {
          description: 'KVM_SET_USER_MEMORY_REGION with memory_size = 0',
          entry: 'callDeleteSlot',
          on: { MEMORY_REGION_SET: 'adding' },
        },
        adding: {
          description: 'KVM_SET_USER_MEMORY_REGION for the new place of the slot',
          entry: 'callSetUserMemoryRegion',
          on: { MEMORY_REGION_SET: '#migration.iterating' },
        },
      },
    },
  },
});

/** `kvm_invalidate_memslot`, or new flags: the slot takes no writes any more. */
const unwritableMemslots = ioctl.implement({
  actions: { publishUnwritableMemslots: ({ context: { kvm } }) => kvm.memslots.set(notWritable) },
});

/** `kvm_mmu_invalidate_zap_pages_in_memslot` where sptes have D bits: an spte that is gone has none. */
const zapping = ioctl.implement({
  actions: {
    zapNextSpte: ({ context: { kvm, my } }) => {
      kvm.spteWritable.setWord(my.gfn, 0);
      kvm.spteDirty.clear(my.gfn);
      my.gfn++;
    },
  },
});

const writeProtect = step('dropWritableSpte');
const zap = { STEP: { actions: 'zapNextSpte', meta: { coarse: oneSpte } } } as const;

/**
 * A slot that takes no writes is published; when no fault path has the old one any more, no spte is left writable, and
 * TLBs are flushed.
 */
const makeUnwritable = <
  const Target extends string,
  const A extends string = never,
  const Protect = typeof writeProtect,
>(
  then: { readonly target: Target; readonly actions?: readonly A[] },
  protect: Protect = writeProtect as Protect,
) =>
  ({
    tags: ['inIoctl'],
    initial: 'lockSlots',
    states: {
      lockSlots: {
        description: 'mutex_lock(&kvm->slots_lock)',
        entry: 'requestSlotsLock',
        on: { SLOTS_LOCKED: 'publishMemslots' },
      },
      publishMemslots: {
        description:
          'kvm_swap_active_memslots: rcu_assign_pointer(kvm->memslots[as_id], slots), whose slot takes no writes',
        on: step('publishUnwritableMemslots', 'synchronizeSrcu'),
      },
      synchronizeSrcu: {
        description: 'kvm_swap_active_memslots: synchronize_srcu_expedited(&kvm->srcu)',
        tags: ['waitsForGracePeriod'],
        entry: 'synchronizeSrcu',
        on: { GRACE_PERIOD_OVER: 'lockMmu' },
      },
      lockMmu: {
        description: 'write_lock(&kvm->mmu_lock)',
        tags: ['waitsForMmuLock'],
        entry: 'requestMmuLock',
        on: { LOCK_GRANTED: 'dropSptes' },
      },
      dropSptes: {
        description: 'for each spte of the slot: clear W, or zap it; write_unlock(&kvm->mmu_lock) after the last one',
        tags: ['holdsMmuLock'],
        always: {
          guard: 'walkedAllPages',
          actions: ['resetWalk', 'releaseMmuLock', 'startFlush'],
          target: 'makeRequests',
        },
        on: protect,
      },
      ...flushRemoteTlbs([], then).states,
    },
  }) as const;

/**
 * `setMemoryRegionLateFlush` that also makes a slot read-only, and deletes it: `kvm_set_memslot`,
 * `kvm_invalidate_memslot`, `kvm_delete_memslot` (virt/kvm/kvm_main.c) and `kvm_mmu_invalidate_zap_pages_in_memslot`
 * (arch/x86/kvm/mmu/mmu.c), Linux 6.1. The bitmap is freed with the slot; a slot that is added gets a new one. No
 * kernel makes an existing slot read-only: that is told as a change of flags, as for the log.
 */
export const setMemoryRegionThatRemoves = setMemoryRegionLateFlush.use(unwritableMemslots, oldBitmap).extend({
  states: {
    inUserspace: { on: { SET_READONLY: 'readOnly', DELETE_SLOT: 'deletion' } },
    readOnly: makeUnwritable({
      actions: ['releaseSlotsLock', 'returnFromSetting'],
      target: '#set-memory-region.inUserspace',
    }),
    deletion: makeUnwritable({ target: '#set-memory-region.freeBitmap' }),
    freeBitmap: {
      description: 'kvm_delete_memslot: kvm_destroy_dirty_bitmap(memslot); mutex_unlock(&kvm->slots_lock);',
      tags: ['inIoctl'],
      on: step(['freeOldBitmap', 'releaseSlotsLock', 'returnFromSetting'], 'inUserspace'),
    },
  },
});

/**
 * `setMemoryRegionThatRemoves` where vCPUs have page-modification logs: the flush of a slot that becomes read-only
 * takes them out of the guest, and is acknowledged before they have drained their logs. So a second grace period waits
 * for them: they are in the read section until they enter again.
 */
export const setMemoryRegionThatRemovesPml = setMemoryRegionThatRemoves.use(zapping).extend({
  states: {
    readOnly: makeUnwritable({ target: '#set-memory-region.waitForDrains' }),
    waitForDrains: {
      description: 'a second synchronize_srcu(&kvm->srcu), until each vCPU has drained its log and entered again',
      tags: ['inIoctl', 'waitsForGracePeriod'],
      entry: 'synchronizeSrcu',
      on: { GRACE_PERIOD_OVER: { actions: ['releaseSlotsLock', 'returnFromSetting'], target: 'inUserspace' } },
    },
    deletion: makeUnwritable({ target: '#set-memory-region.freeBitmap' }, zap),
  },
});

/** `hostWriterInSlot` where the slot may take no writes: `kvm_write_guest_page` returns -EFAULT. */
export const hostWriterWithSlotRemoval = hostWriterInSlot.use(unwritableSlot).extend({
  states: { writeGuestPage: { always: { guard: 'slotTakesNoWrites', target: 'endWrite' } } },
});
