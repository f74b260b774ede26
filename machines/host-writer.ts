import { not } from '../src/model/machine.ts';
import { kvmThread } from './vcpu.ts';

/**
 * KVM that writes guest memory by itself, in a thread that runs no vCPU (the tables of the vGIC ITS of arm64, KVM_DEV_ARM_ITS_SAVE_TABLES, are
 * such a case): `kvm_write_guest_page` (virt/kvm/kvm_main.c) as Linux 3.6 has it, inside an SRCU read section and without `mmu_lock`. First
 * copy_to_user, then `mark_page_dirty`, which looks the slot up again. It ends with the VM: QEMU stops it when the vCPUs have stopped, and before
 * the last sync.
 */
export const hostWriter = kvmThread.createMachine({
  id: 'host-writer',
  initial: 'idle',
  states: {
    idle: {
      on: {
        HOST_WRITE: { actions: ['srcuReadLock', 'startHostWrite', 'writeGuestPage'], target: 'readMemslots' },
        VM_STOP: 'stopped',
      },
    },
    readMemslots: { on: { STEP: { actions: 'readMemslots', target: 'markPageDirty' } } },
    markPageDirty: {
      tags: ['usesMemslots'],
      always: { guard: 'slotDoesNotLog', target: 'endWrite' },
      on: { STEP: { actions: 'markPageDirty', target: 'endWrite' } },
    },
    endWrite: {
      always: { actions: ['noteWriteIsMarked', 'forgetMemslots', 'forgetPage', 'srcuReadUnlock'], target: 'idle' },
    },
    stopped: { entry: 'reportStopped' },
  },
});

/** The same with `nr_dirty_pages++` for a bit that was clear: `mark_page_dirty_in_slot` of Linux 3.3. */
export const hostWriterThatCounts = hostWriter.extend({
  states: {
    markPageDirty: { on: { STEP: { actions: 'testAndMarkPageDirty', target: 'loadCount' } } },
    loadCount: {
      tags: ['usesMemslots'],
      always: { guard: not('bitWasClear'), target: 'endWrite' },
      on: { STEP: { actions: 'loadCount', target: 'storeCount' } },
    },
    storeCount: { tags: ['usesMemslots'], on: { STEP: { actions: 'storeCount', target: 'endWrite' } } },
  },
});

/** The same with the slot looked up once, before the write: `__kvm_write_guest_page(kvm, memslot, ...)`, Linux 4.2 on. */
export const hostWriterInSlot = hostWriter.extend({
  states: {
    idle: { on: { HOST_WRITE: { actions: ['srcuReadLock', 'startHostWrite'], target: 'readMemslots' } } },
    readMemslots: { on: { STEP: { actions: 'readMemslots', target: 'writeGuestPage' } } },
    writeGuestPage: { tags: ['usesMemslots'], on: { STEP: { actions: 'writeGuestPage', target: 'markPageDirty' } } },
  },
});
