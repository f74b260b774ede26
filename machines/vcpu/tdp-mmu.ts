import { vcpu } from '../vcpu.ts';

/**
 * The vCPU with the TDP MMU of Linux 5.12 and later (`kvm_tdp_mmu_map`, `tdp_mmu_map_handle_target_level`, arch/x86/kvm/mmu/tdp_mmu.c): the fault
 * shares `mmu_lock` with other faults. `make_spte` marks the page, then a cmpxchg installs the spte: mark, then install. That order is
 * safe only because GET_DIRTY_LOG and CLEAR_DIRTY_LOG take the lock for writing.
 */
export const vcpuTdpMmu = vcpu.with({
  states: {
    host: {
      states: {
        lockMmu: { entry: 'requestMmuLockShared' },
        markPageDirty: { tags: ['sharesMmuLock'] },
        setSpte: {
          tags: ['sharesMmuLock'],
          on: {
            STEP: { actions: ['setSpteWritable', 'forgetPage', 'releaseMmuLockShared'], target: 'enterGuest' },
          },
        },
      },
    },
  },
});
