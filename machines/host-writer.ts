import { not } from '../src/model/machine.ts';
import { step } from './step.ts';
import { nrDirtyPages } from './vcpu/counting.ts';
import { kvmThread, pageMarking, srcuReading } from './vcpu/kvm-thread.ts';

/** The begin of a host write, and the stop of its thread. */
const hostWrite = kvmThread.implement({
  actions: {
    startHostWrite: ({ context: { my }, event }) => {
      my.gfn = event.gfn;
    },
    reportStopped: ({ context: { send, actors } }) => send('STOPPED', actors.migration),
  },
});

/**
 * KVM that writes guest memory in a thread that runs no vCPU (the tables of the vGIC ITS of arm64,
 * KVM_DEV_ARM_ITS_SAVE_TABLES, are such a case): `kvm_write_guest_page` (virt/kvm/kvm_main.c) as Linux 3.6 has it,
 * inside an SRCU read section and without `mmu_lock`. First copy_to_user, then `mark_page_dirty`, which looks the slot
 * up again. It ends with the VM: QEMU stops it when the vCPUs have stopped, and before the last sync.
 */
export const hostWriter = kvmThread.use(hostWrite, srcuReading, pageMarking).createMachine({
  id: 'host-writer',
  initial: 'idle',
  states: {
    idle: {
      description:
        'between two writes; a write begins with srcu_read_lock(&kvm->srcu) and copy_to_user(addr + offset, data, len)',
      on: {
        HOST_WRITE: { actions: ['srcuReadLock', 'startHostWrite', 'writeGuestPage'], target: 'readMemslots' },
        VM_STOP: 'stopped',
      },
    },
    readMemslots: {
      description: 'mark_page_dirty: gfn_to_memslot(kvm, gfn)',
      on: step('readMemslots', 'markPageDirty'),
    },
    markPageDirty: {
      description: 'mark_page_dirty_in_slot: test_and_set_bit_le(rel_gfn, memslot->dirty_bitmap), if there is one',
      tags: ['usesMemslots'],
      always: { guard: 'slotDoesNotLog', target: 'endWrite' },
      on: step('markPageDirty', 'endWrite'),
    },
    endWrite: {
      description: 'srcu_read_unlock(&kvm->srcu, idx)',
      always: { actions: ['noteWriteIsMarked', 'resetMemslots', 'resetGfn', 'srcuReadUnlock'], target: 'idle' },
    },
    stopped: { description: 'the thread writes no more', entry: 'reportStopped' },
  },
});

/** `hostWriter` with `nr_dirty_pages++` for a bit that was clear: `mark_page_dirty_in_slot` of Linux 3.3. */
export const hostWriterThatCounts = hostWriter.use(nrDirtyPages).extend({
  states: {
    markPageDirty: { on: step('testAndMarkPageDirty', 'loadCount') },
    loadCount: {
      description: 'if the bit was clear: load memslot->nr_dirty_pages',
      tags: ['usesMemslots'],
      always: { guard: not('bitWasClear'), target: 'endWrite' },
      on: step('loadCount', 'storeCount'),
    },
    storeCount: {
      description: 'store memslot->nr_dirty_pages + 1',
      tags: ['usesMemslots'],
      on: step('storeCount', 'endWrite'),
    },
  },
});

/**
 * `hostWriter` with the slot looked up once, before the write: `__kvm_write_guest_page(kvm, memslot, ...)`, Linux 4.2
 * on.
 */
export const hostWriterInSlot = hostWriter.extend({
  states: {
    idle: {
      description: 'between two writes; a write begins with srcu_read_lock(&kvm->srcu)',
      on: { HOST_WRITE: { actions: ['srcuReadLock', 'startHostWrite'], target: 'readMemslots' } },
    },
    readMemslots: { description: 'gfn_to_memslot(kvm, gfn)', on: step('readMemslots', 'writeGuestPage') },
    writeGuestPage: {
      description: '__kvm_write_guest_page: __copy_to_user((void __user *)addr + offset, data, len)',
      tags: ['usesMemslots'],
      on: step('writeGuestPage', 'markPageDirty'),
    },
  },
});
