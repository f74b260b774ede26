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
export { harvestDirtyBits, pml as getDirtyLogByPml } from './get-dirty-log/dirty-bits.ts';
export { eagerSplit as getDirtyLogWithEagerSplit } from './get-dirty-log/eager-split.ts';
export {
  flushStepByStep,
  requestThenMode,
  rmapXchgWithHandshake as getDirtyLogWithHandshake,
  setMemoryRegionLateFlushWithHandshake,
  setMemoryRegionWithHandshake,
} from './get-dirty-log/handshake.ts';
export { lazyProtect as getDirtyLogLazily } from './get-dirty-log/lazy-protect.ts';
export {
  lockBreak as getDirtyLogWithBreaks,
  lockBreakLateFlush as getDirtyLogWithBreaksLateFlush,
} from './get-dirty-log/lock-break.ts';
export { manualClear as getDirtyLogManually } from './get-dirty-log/manual-clear.ts';
export { rmapHybrid as getDirtyLogByRmapHybrid } from './get-dirty-log/rmap-hybrid.ts';
export {
  rmapXchg as getDirtyLogByRmapXchg,
  rmapXchgLateFlush as getDirtyLogLateFlush,
} from './get-dirty-log/rmap-xchg.ts';
export { srcuSwitch as getDirtyLogBySrcuSwitch } from './get-dirty-log/srcu-switch.ts';
export { unlockedFlush as getDirtyLogByUnlockedFlush } from './get-dirty-log/unlocked-flush.ts';
export { hostWriter, hostWriterInSlot, hostWriterThatCounts } from './host-writer.ts';
export { bitmapScan, getDirtyLogCall, xchgSnapshot } from './ioctl/dirty-bitmap.ts';
export { ioctl } from './ioctl/ioctl.ts';
export { mmuLocking, slotsLocking } from './ioctl/locks.ts';
export { loggingMemslots, memslotsSwitch, oldBitmap, srcuUpdate } from './ioctl/memslots.ts';
export { rootGeneration } from './ioctl/root-generation.ts';
export { rmapWriteProtect, spteWalk } from './ioctl/sptes.ts';
export { flushRemoteTlbs, kick, requestIsOneStep, tlbFlush } from './ioctl/tlb-flush.ts';
export { fifoLock, mmuLock, slotsLock } from './locks.ts';
export { messages as kvmMessages } from './messages.ts';
export { merge, mergeThroughDirtyMemory } from './migration/merge.ts';
export { logCalls, migrationThread, sending, stopping } from './migration/thread.ts';
export { chunks, migration, migrationWithClear } from './migration.ts';
export { mmuRwLock } from './mmu-rwlock.ts';
export { mutants } from './mutants/index.ts';
export {
  chunkCount,
  firstPageOf,
  hasRoot,
  type KvmParams,
  kvmParams,
  neighboursOf,
  othersSetBits,
  tableCount,
  tableOf,
  vcpusOf,
  wordCount,
  wordIndex,
  writersOf,
} from './params.ts';
export { remap } from './remap.ts';
export * from './second-collector/index.ts';
export {
  leafClearDirty,
  setMemoryRegion,
  setMemoryRegionAllSet,
  setMemoryRegionDirtyBits,
  setMemoryRegionLateFlush,
  setMemoryRegionLazy,
  setMemoryRegionPml,
  setMemoryRegionWithBreaks,
} from './set-memory-region.ts';
export * from './shared-clear/index.ts';
export {
  hostWriterWithSlotRemoval,
  migrationThatRemoves,
  setMemoryRegionThatRemoves,
  setMemoryRegionThatRemovesPml,
} from './slot-removal.ts';
export { srcu } from './srcu.ts';
export { step } from './step.ts';
export { type Kvm, type KvmView, kvm, notLogging, notWritable, vcpuModes } from './system.ts';
export { nrDirtyPages, vcpuThatCounts } from './vcpu/counting.ts';
export { dirtyBits, vcpuWithDirtyBits } from './vcpu/dirty-bits.ts';
export { vcpuWithFastPageFault } from './vcpu/fast-page-fault.ts';
export {
  entryIsOneStep,
  exitIsOneStep,
  guestMode,
  guestWrites,
  setSpte,
  writeFault,
  writeWithoutFault,
} from './vcpu/guest.ts';
export { vcpuWithHandshake } from './vcpu/handshake.ts';
export { linkIsOneStep, tableStays, vcpuFastPageFaultHuge, vcpuTdpHuge } from './vcpu/huge-pages.ts';
export { indirectSpte, indirectWriteFault, vcpuIndirect } from './vcpu/indirect.ts';
export { faultLocking, kvmThread, memslotsStay, outcome, pageMarking, srcuReading } from './vcpu/kvm-thread.ts';
export { checkRequest, vcpuLazy } from './vcpu/lazy-protect.ts';
export { vcpuWithMemslotsSwitch } from './vcpu/memslots-switch.ts';
export { drainPml, setAndLog, vcpuWithPml } from './vcpu/pml.ts';
export { vcpuPmlWithSlotRemoval } from './vcpu/pml-slot-removal.ts';
export { leaveForUserspace, unwritableSlot, vcpuWithSlotRemoval } from './vcpu/slot-removal.ts';
export { vcpuTdpMmu } from './vcpu/tdp-mmu.ts';
export { vcpuFastPageFaultWithTracking, vcpuWithTracking } from './vcpu/write-tracking.ts';
export { vcpu } from './vcpu.ts';
export { oneSpte, protectMmuWritable, writeTracking, writeTrackingByMmuWritable } from './write-tracking.ts';
