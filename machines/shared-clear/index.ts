/** CLEAR_DIRTY_LOG under `mmu_lock` held for reading: the KVM system with whole ptes, and what its designs are made of. */
export { clearDirtyLogShared, ioctlWithPte, stage2WriteProtect } from './clear-dirty-log.ts';
export {
  clearDirtyLogProtectsFirst,
  machinesOf as sharedClearMachinesOf,
  type Orders,
  vcpuMarkThenInstall,
  withoutRetry,
} from './orders.ts';
export { type KvmWithSharedClear, kvmWithSharedClear, onePte } from './system.ts';
export { kvmThreadWithPte, stage2Faults, vcpuStage2 } from './vcpu.ts';
