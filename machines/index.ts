/**
 * The shipped machines, and the parts that they are made of, for designs of one's own: `import { ioctl, rmapXchg } from
 * 'precopy/kvm'`. The docstring of a machine names the kernel function that it mirrors; docs/fidelity.md lists what is
 * left out.
 * @example
 * const getDirtyLog = ioctl
 *   .use(getDirtyLogCall, bitmapScan, xchgSnapshot, tlbFlush)
 *   .createMachine({ id: 'get-dirty-log', ... });
 * export default defineDesign({ ...rmapXchg, id: 'mine', machines: { ...rmapXchg.machines, getDirtyLog } });
 */
export * from '../properties/index.ts';
export * from './designs/index.ts';
export { destination } from './destination.ts';
export { device } from './device.ts';
export * from './free-page-hints/index.ts';
export { eagerSplit as getDirtyLogWithEagerSplit } from './get-dirty-log/eager-split.ts';
export { lazyProtect as getDirtyLogLazily } from './get-dirty-log/lazy-protect.ts';
export { manualClear as getDirtyLogManually } from './get-dirty-log/manual-clear.ts';
export { rmapXchg as getDirtyLogByRmapXchg } from './get-dirty-log/rmap-xchg.ts';
export { srcuSwitch as getDirtyLogBySrcuSwitch } from './get-dirty-log/srcu-switch.ts';
export { hostWriter } from './host-writer.ts';
export { bitmapScan, getDirtyLogCall, xchgSnapshot } from './ioctl/dirty-bitmap.ts';
export { ioctl } from './ioctl/ioctl.ts';
export { mmuLocking, slotsLocking } from './ioctl/locks.ts';
export { memslotsSwitch, srcuUpdate } from './ioctl/memslots.ts';
export { rmapWriteProtect, spteWalk } from './ioctl/sptes.ts';
export { flushRemoteTlbs, kick, tlbFlush } from './ioctl/tlb-flush.ts';
export { fifoLock, mmuLock, slotsLock } from './locks.ts';
export { merge, mergeThroughDirtyMemory } from './migration/merge.ts';
export { logCalls, migrationThread, sending, stopping } from './migration/thread.ts';
export { migration, migrationWithClear } from './migration.ts';
export { mmuRwLock } from './mmu-rwlock.ts';
export { mutants } from './mutants/index.ts';
export * from './second-collector/index.ts';
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
export { step } from './step.ts';
export { type Kvm, type KvmView, kvm, notLogging, notWritable, vcpuModes } from './system.ts';
export { vcpuThatCounts } from './vcpu/counting.ts';
export { vcpuWithDirtyBits } from './vcpu/dirty-bits.ts';
export { vcpuWithFastPageFault } from './vcpu/fast-page-fault.ts';
export { guestMode, guestWrites, setSpte, writeFault } from './vcpu/guest.ts';
export { vcpuFastPageFaultHuge, vcpuTdpHuge } from './vcpu/huge-pages.ts';
export { faultLocking, kvmThread, memslotsStay, pageMarking, srcuReading } from './vcpu/kvm-thread.ts';
export { vcpuLazy } from './vcpu/lazy-protect.ts';
export { vcpuWithMemslotsSwitch } from './vcpu/memslots-switch.ts';
export { vcpuWithPml } from './vcpu/pml.ts';
export { vcpuTdpMmu } from './vcpu/tdp-mmu.ts';
export { vcpu } from './vcpu.ts';
