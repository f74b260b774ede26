import { step } from '../step.ts';
import { vcpu } from '../vcpu.ts';
import { writeFault } from './guest.ts';
import { kvmThread } from './kvm-thread.ts';

/** `read_lock(&kvm->mmu_lock)`. */
const mmuLockSharing = kvmThread.implement({
  actions: {
    requestMmuLockShared: ({ context: { send, actors } }) => send('LOCK_SHARED', actors.mmuLock),
    releaseMmuLockShared: ({ context: { send, actors } }) => send('UNLOCK_SHARED', actors.mmuLock),
  },
});

/**
 * The vCPU with the TDP MMU of Linux 5.12 and later (`kvm_tdp_mmu_map`, `tdp_mmu_map_handle_target_level`,
 * arch/x86/kvm/mmu/tdp_mmu.c): the fault shares `mmu_lock` with other faults. `make_spte` marks the page, then a
 * cmpxchg installs the spte: mark, then install. That order is safe only because GET_DIRTY_LOG and CLEAR_DIRTY_LOG take
 * the lock for writing. The slot is looked up before the lock (`fault->slot`), and before an emulated write
 * (`kvm_vcpu_write_guest_page`); `kvm_faultin_pfn` comes in between. So only SRCU keeps a thread that starts the log
 * from overtaking the fault.
 */
export const vcpuTdpMmu = vcpu.use(mmuLockSharing).extend({
  states: {
    inGuest: {
      on: {
        WRITE: writeFault('host.readMemslots'),
        EMULATED_WRITE: {
          guard: 'runsEmulatedCode',
          actions: ['exitForPage', 'leaveGuestMode'],
          target: 'host.readMemslotsForWrite',
        },
      },
    },
    host: {
      states: {
        readMemslots: {
          description: 'fault->slot = kvm_vcpu_gfn_to_memslot(vcpu, fault->gfn)',
          tags: [],
          always: { guard: 'memslotsStay', target: 'lockMmu' },
          on: step('readMemslots', 'faultinPfn'),
        },
        faultinPfn: { description: 'kvm_faultin_pfn(vcpu, fault)', tags: ['usesMemslots'], on: { STEP: 'lockMmu' } },
        lockMmu: {
          description: 'read_lock(&vcpu->kvm->mmu_lock)',
          tags: ['waitsForMmuLock', 'usesMemslots'],
          entry: 'requestMmuLockShared',
          on: { LOCK_GRANTED: 'markPageDirty' },
        },
        markPageDirty: {
          description: 'make_spte: mark_page_dirty_in_slot(vcpu->kvm, slot, gfn)',
          tags: ['sharesMmuLock', 'usesMemslots'],
        },
        setSpte: {
          description:
            'tdp_mmu_set_spte_atomic: try_cmpxchg64(sptep, &old_spte, new_spte); read_unlock(&kvm->mmu_lock);',
          tags: ['sharesMmuLock'],
          on: step(['setSpteWritable', 'resetGfn', 'releaseMmuLockShared'], 'enterGuest'),
        },
        readMemslotsForWrite: {
          description: 'kvm_vcpu_write_guest_page: kvm_vcpu_gfn_to_memslot(vcpu, gfn)',
          always: { guard: 'memslotsStay', target: 'writeGuestPage' },
          on: step('readMemslots', 'writeGuestPage'),
        },
        writeGuestPage: {
          description: '__kvm_write_guest_page: __copy_to_user((void __user *)addr + offset, data, len)',
          tags: ['usesMemslots'],
          on: step('writeGuestPage', 'markWrite'),
        },
      },
    },
  },
});
