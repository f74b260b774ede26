/** CLEAR_DIRTY_LOG under `mmu_lock` held for reading: the KVM system with whole ptes, and the parts of its designs. */
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
