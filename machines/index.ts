/**
 * The shipped machines, to build designs of your own from: `import { dirtyLogHandler, rmapXchg } from 'precopy/kvm'`. Each machine says which
 * kernel function it mirrors; docs/fidelity.md says what is left out.
 */
export * from '../properties/index.ts';
export * from './designs.ts';
export { destination } from './destination.ts';
export { eagerSplit as getDirtyLogWithEagerSplit } from './get-dirty-log/eager-split.ts';
export { flushRemoteTlbs } from './get-dirty-log/flush-remote-tlbs.ts';
export { dirtyLogHandler } from './get-dirty-log/handler.ts';
export { lazyProtect as getDirtyLogLazily } from './get-dirty-log/lazy-protect.ts';
export { manualClear as getDirtyLogManually } from './get-dirty-log/manual-clear.ts';
export { rmapXchg as getDirtyLogByRmapXchg } from './get-dirty-log/rmap-xchg.ts';
export { srcuSwitch as getDirtyLogBySrcuSwitch } from './get-dirty-log/srcu-switch.ts';
export { mmuLock, slotsLock } from './locks.ts';
export { migration, migrationWithClear } from './migration.ts';
export { mmuRwLock } from './mmu-rwlock.ts';
export { mutants } from './mutants.ts';
export {
  setMemoryRegion,
  setMemoryRegionAllSet,
  setMemoryRegionDirtyBits,
  setMemoryRegionLateFlush,
  setMemoryRegionLazy,
  setMemoryRegionPml,
  setMemoryRegionWithBreaks,
} from './set-memory-region.ts';
export { srcu } from './srcu.ts';
export { kvm } from './system.ts';
export { vcpuThatCounts } from './vcpu/counting.ts';
export { vcpuWithDirtyBits, vcpuWithPml } from './vcpu/dirty-bits.ts';
export { vcpuWithFastPageFault } from './vcpu/fast-page-fault.ts';
export { vcpuFastPageFaultHuge, vcpuTdpHuge } from './vcpu/huge-pages.ts';
export { vcpuLazy } from './vcpu/lazy-protect.ts';
export { vcpuWithMemslotsSwitch } from './vcpu/memslots-switch.ts';
export { vcpuTdpMmu } from './vcpu/tdp-mmu.ts';
export { vcpu } from './vcpu.ts';
