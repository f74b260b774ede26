import { exitIsOneStep, vcpu } from '../vcpu.ts';

/**
 * The vCPU with the TDP MMU of Linux 5.12 and later (`kvm_tdp_mmu_map`, `tdp_mmu_map_handle_target_level`, arch/x86/kvm/mmu/tdp_mmu.c): the fault
 * shares `mmu_lock` with other faults. `make_spte` marks the page, then a cmpxchg installs the spte: mark, then install. That order is
 * safe only because GET_DIRTY_LOG and CLEAR_DIRTY_LOG take the lock for writing. The slot is looked up before the lock (`fault->slot`), and
 * before an emulated write (`kvm_vcpu_write_guest_page`); `kvm_faultin_pfn` comes in between. So only SRCU keeps somebody who starts the log from overtaking it.
 */
export const vcpuTdpMmu = vcpu.extend({
  states: {
    inGuest: {
      on: {
        WRITE: [
          { guard: 'tlbAllowsWrite', actions: 'writePage' },
          { guard: 'spteAllowsWrite', actions: 'fillTlb' },
          {
            actions: ['exitForPage', 'leaveGuestMode'],
            target: 'host.readMemslots',
            meta: { coarse: exitIsOneStep },
          },
        ],
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
          tags: [],
          always: { guard: 'memslotsStay', target: 'lockMmu' },
          on: { STEP: { actions: 'readMemslots', target: 'faultinPfn' } },
        },
        faultinPfn: { tags: ['usesMemslots'], on: { STEP: 'lockMmu' } },
        lockMmu: {
          tags: ['waitsForMmuLock', 'usesMemslots'],
          entry: 'requestMmuLockShared',
          on: { LOCK_GRANTED: 'markPageDirty' },
        },
        markPageDirty: { tags: ['sharesMmuLock', 'usesMemslots'] },
        setSpte: {
          tags: ['sharesMmuLock'],
          on: {
            STEP: { actions: ['setSpteWritable', 'forgetPage', 'releaseMmuLockShared'], target: 'enterGuest' },
          },
        },
        readMemslotsForWrite: {
          always: { guard: 'memslotsStay', target: 'writeGuestPage' },
          on: { STEP: { actions: 'readMemslots', target: 'writeGuestPage' } },
        },
        writeGuestPage: {
          tags: ['usesMemslots'],
          on: { STEP: { actions: 'writeGuestPage', target: 'markWrite' } },
        },
      },
    },
  },
});
