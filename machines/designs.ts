import { atomicBitmap } from '../properties/atomic-bitmap.ts';
import { collectorCovers, foundUnflushed } from '../properties/collector-covers.ts';
import {
  bothWaysToProtect,
  covers,
  entryIsCancelled,
  getBreaks,
  pmlFills,
  startOfLog,
  startOfLogAllSet,
} from '../properties/covers.ts';
import { finalImage } from '../properties/final-image.ts';
import { gracePeriod } from '../properties/grace-period.ts';
import { eagerSplitCovers, splitByFault } from '../properties/huge-page-covers.ts';
import { lazyCovers } from '../properties/lazy-covers.ts';
import { gracePeriodEnds, liveness, lockIsGranted, whereInterruptsAreOff } from '../properties/liveness.ts';
import { loggedOrProtected, loggedOrProtectedWithDirtyBits } from '../properties/logged-or-protected.ts';
import { mutualExclusion } from '../properties/mutual-exclusion.ts';
import { noDeadlock } from '../properties/no-deadlock.ts';
import { noLostWrite, noLostWriteWithDirtyBits } from '../properties/no-lost-write.ts';
import { protectedAfterClear } from '../properties/protected-after-clear.ts';
import { protectedBelow } from '../properties/protected-below.ts';
import { protectedOnReturn, protectedOnReturnWithDirtyBits } from '../properties/protected-on-return.ts';
import { snapshotIsComplete } from '../properties/snapshot-is-complete.ts';
import {
  remappedInFault,
  trackedPageFaults,
  trackedUnflushed,
  trackedWriteEmulated,
} from '../properties/write-tracking.ts';
import { hostWriteDelaysSwitch, writerCovers } from '../properties/writer-covers.ts';
import { defineDesign } from '../src/model/design.ts';
import { destination } from './destination.ts';
import { device } from './device.ts';
import { display } from './display.ts';
import { harvestDirtyBits as getDirtyLogByHarvest, pml as getDirtyLogWithPml } from './get-dirty-log/dirty-bits.ts';
import { eagerSplit as getDirtyLogWithEagerSplit } from './get-dirty-log/eager-split.ts';
import {
  rmapXchgWithHandshake as getDirtyLogWithHandshake,
  setMemoryRegionWithHandshake,
} from './get-dirty-log/handshake.ts';
import { lazyProtect as getDirtyLogLazily } from './get-dirty-log/lazy-protect.ts';
import {
  lockBreakLateFlush as getDirtyLogByLateFlush,
  lockBreak as getDirtyLogByLockBreak,
} from './get-dirty-log/lock-break.ts';
import { manualClear as getDirtyLogManually } from './get-dirty-log/manual-clear.ts';
import { rmapHybrid as getDirtyLogByRmapHybrid } from './get-dirty-log/rmap-hybrid.ts';
import {
  rmapXchg as getDirtyLogByRmapXchg,
  rmapXchgLateFlush as getDirtyLogByRmapXchgLateFlush,
} from './get-dirty-log/rmap-xchg.ts';
import { srcuSwitch as getDirtyLogBySrcuSwitch } from './get-dirty-log/srcu-switch.ts';
import { unlockedFlush as getDirtyLogByUnlockedFlush } from './get-dirty-log/unlocked-flush.ts';
import { hostWriter, hostWriterInSlot, hostWriterThatCounts } from './host-writer.ts';
import { migration, migrationBesideDisplay, migrationWithClear } from './migration.ts';
import { bql, mmuLock, slotsLock } from './mmu-lock.ts';
import { mmuRwLock } from './mmu-rwlock.ts';
import { remap } from './remap.ts';
import {
  setMemoryRegion,
  setMemoryRegionAllSet,
  setMemoryRegionDirtyBits,
  setMemoryRegionLateFlush,
  setMemoryRegionLazy,
  setMemoryRegionPml,
  setMemoryRegionWithBreaks,
} from './set-memory-region.ts';
import { srcu } from './srcu.ts';
import { kvm } from './system.ts';
import { vcpuThatCounts } from './vcpu/counting.ts';
import { vcpuWithDirtyBits, vcpuWithPml } from './vcpu/dirty-bits.ts';
import { vcpuWithFastPageFault } from './vcpu/fast-page-fault.ts';
import { vcpuWithHandshake } from './vcpu/handshake.ts';
import { vcpuFastPageFaultHuge, vcpuTdpHuge } from './vcpu/huge-pages.ts';
import { vcpuIndirect } from './vcpu/indirect.ts';
import { vcpuLazy } from './vcpu/lazy-protect.ts';
import { vcpuWithMemslotsSwitch } from './vcpu/memslots-switch.ts';
import { vcpuTdpMmu } from './vcpu/tdp-mmu.ts';
import { vcpuFastPageFaultWithTracking, vcpuWithTracking } from './vcpu/write-tracking.ts';
import { vcpu } from './vcpu.ts';
import { writeTracking, writeTrackingByMmuWritable } from './write-tracking.ts';

const withoutStart = [
  finalImage,
  noLostWrite,
  loggedOrProtected,
  snapshotIsComplete,
  atomicBitmap,
  protectedOnReturn,
  mutualExclusion,
  noDeadlock,
  lockIsGranted,
  ...liveness,
  ...covers,
  ...writerCovers,
];
const properties = [...withoutStart, ...startOfLog];

const actors = { vcpu, hostWriter, device, mmuLock, slotsLock, srcu, setMemoryRegion, migration, destination };
/** Liveness takes the whole graph of the states: two vCPUs that contend, or one and two words where GET_DIRTY_LOG and CLEAR go word by word. */
const contended = { vcpus: 2, pages: 1, loggingOn: 1 };
const wordByWord = { vcpus: 1, pages: 2, loggingOn: 1 };

/** GET_DIRTY_LOG with xchg and rmap, no switch of the memslots. */
export const rmapXchg = defineDesign({
  id: 'rmap-xchg',
  title: 'xchg per word, write protection through rmap, one hold of mmu_lock',
  source: {
    version: 'Linux 3.5 and 3.6',
    commit: '60c34612b707',
    functions: ['kvm_vm_ioctl_get_dirty_log', 'kvm_mmu_write_protect_pt_masked', 'kvm_flush_remote_tlbs'],
  },
  system: kvm,
  machines: { ...actors, getDirtyLog: getDirtyLogByRmapXchg },
  properties,
  livenessSizes: contended,
});

/** The same with the flush after the unlock. */
export const rmapXchgLateFlush = defineDesign({
  ...rmapXchg,
  id: 'rmap-xchg-late-flush',
  title: 'rmap-xchg that flushes after it has released mmu_lock',
  source: {
    version: 'Linux 3.16 on',
    commit: '198c74f43f0f',
    functions: ['kvm_get_dirty_log_protect', 'kvm_arch_mmu_enable_log_dirty_pt_masked', 'kvm_flush_remote_tlbs'],
  },
  machines: {
    ...rmapXchg.machines,
    setMemoryRegion: setMemoryRegionLateFlush,
    getDirtyLog: getDirtyLogByRmapXchgLateFlush,
  },
  properties: withoutStart,
  sizes: { pages: 1, emulatingVcpus: 0, loggingOn: 1 },
});

/** rmap-xchg where a flush meets a vCPU that enters the guest step by step. */
export const rmapXchgHandshake = defineDesign({
  ...rmapXchg,
  id: 'rmap-xchg-handshake',
  title: 'rmap-xchg with VM entry, VM exit and the flush of each vCPU step by step',
  source: {
    version: 'Linux 3.6',
    functions: ['vcpu_enter_guest', 'make_all_cpus_request', 'kvm_vcpu_exiting_guest_mode'],
  },
  machines: {
    ...rmapXchg.machines,
    vcpu: vcpuWithHandshake,
    setMemoryRegion: setMemoryRegionWithHandshake,
    getDirtyLog: getDirtyLogWithHandshake,
  },
  properties: [...withoutStart.map(whereInterruptsAreOff), entryIsCancelled],
  sizes: { handshake: 1, pages: 1, emulatingVcpus: 0, loggingOn: 1 },
});

/** GET_DIRTY_LOG with a switch of the memslots under SRCU and a walk over all shadow pages. */
export const srcuSwitch = defineDesign({
  id: 'srcu-switch',
  title: 'memslots switched under SRCU, then a walk over all shadow pages under mmu_lock',
  source: {
    version: 'Linux 2.6.37 to 3.1',
    commit: 'edde99ce0529',
    functions: ['kvm_vm_ioctl_get_dirty_log', 'kvm_mmu_slot_remove_write_access', 'synchronize_srcu_expedited'],
  },
  system: kvm,
  machines: {
    ...actors,
    vcpu: vcpuWithMemslotsSwitch,
    getDirtyLog: getDirtyLogBySrcuSwitch,
  },
  properties: [gracePeriodEnds, ...properties, gracePeriod, hostWriteDelaysSwitch],
  livenessSizes: contended,
});

/** GET_DIRTY_LOG that protects through rmap where few pages are dirty, and walks where many are. */
export const rmapHybrid = defineDesign({
  id: 'rmap-hybrid',
  title: 'memslots switched under SRCU, then rmap or a walk, by the number of dirty pages',
  source: {
    version: 'Linux 3.3',
    commit: '95d4c16ce78c',
    functions: ['kvm_vm_ioctl_get_dirty_log', 'write_protect_slot', 'mark_page_dirty_in_slot'],
  },
  system: kvm,
  machines: {
    ...actors,
    vcpu: vcpuThatCounts,
    hostWriter: hostWriterThatCounts,
    getDirtyLog: getDirtyLogByRmapHybrid,
  },
  properties: [gracePeriodEnds, ...properties, gracePeriod, hostWriteDelaysSwitch, ...bothWaysToProtect],
  sizes: { shadowPages: 2, emulatingVcpus: 0 },
  livenessSizes: contended,
});

/** GET_DIRTY_LOG with xchg and rmap that lets mmu_lock go between two words, and flushes before it does. */
export const lockBreak = defineDesign({
  id: 'lock-break',
  title: 'rmap-xchg that releases mmu_lock between words, with a flush at each break',
  source: { version: 'the break of Linux 3.11', functions: ['kvm_mmu_slot_remove_write_access', 'cond_resched_lock'] },
  system: kvm,
  machines: { ...actors, setMemoryRegion: setMemoryRegionWithBreaks, getDirtyLog: getDirtyLogByLockBreak },
  properties: [...properties, getBreaks],
  sizes: { bitsPerWord: 1 },
  livenessSizes: wordByWord,
});

/** The same with one flush after the last unlock. */
export const lockBreakLateFlush = defineDesign({
  id: 'lock-break-late-flush',
  title: 'rmap-xchg that releases mmu_lock between words, with one flush after the last unlock',
  source: {
    version: 'the break of Linux 3.16',
    commit: '198c74f43f0f',
    functions: ['kvm_mmu_slot_remove_write_access', 'cond_resched_lock', 'kvm_flush_remote_tlbs'],
  },
  system: kvm,
  machines: { ...actors, setMemoryRegion: setMemoryRegionLateFlush, getDirtyLog: getDirtyLogByLateFlush },
  properties: [...properties, getBreaks],
  sizes: { bitsPerWord: 1 },
  livenessSizes: wordByWord,
});

const manualClearDesign = {
  source: {
    version: 'Linux 5.0 on',
    commit: '2a31b9db1535',
    functions: ['kvm_get_dirty_log_protect', 'kvm_clear_dirty_log_protect'],
  },
  system: kvm,
  machines: {
    ...actors,
    setMemoryRegion: setMemoryRegionLateFlush,
    migration: migrationWithClear,
    getDirtyLog: getDirtyLogManually,
  },
  properties: [...properties.filter((property) => property !== protectedOnReturn), protectedAfterClear],
};

/** GET_DIRTY_LOG that only reads, and CLEAR_DIRTY_LOG that clears and protects a chunk. */
export const manualClear = defineDesign({
  ...manualClearDesign,
  id: 'manual-clear',
  title: 'GET_DIRTY_LOG that only reads, CLEAR_DIRTY_LOG that clears and protects chunk by chunk',
  sizes: { bitsPerWord: 1 },
  livenessSizes: wordByWord,
});

/** The same, with all bits set and nothing protected when logging starts. */
export const manualClearInitiallySet = defineDesign({
  ...manualClearDesign,
  id: 'manual-clear-initially-set',
  title: 'manual-clear that starts with all bits set and nothing protected',
  source: { ...manualClearDesign.source, version: 'Linux 5.7 on', commit: '3c9bd4006bfc' },
  machines: { ...manualClearDesign.machines, setMemoryRegion: setMemoryRegionAllSet },
  properties: [
    ...withoutStart.filter((property) => property !== protectedOnReturn),
    ...startOfLogAllSet,
    protectedAfterClear,
  ],
  sizes: { bitsPerWord: 1, initiallySet: 1, emulatingVcpus: 0 },
  livenessSizes: wordByWord,
});

/** rmap-xchg where the vCPU mends write faults without mmu_lock. */
export const rmapXchgFastPageFault = defineDesign({
  ...rmapXchg,
  id: 'rmap-xchg-fpf',
  title: 'rmap-xchg with the fast page fault: the vCPU installs, then marks, without mmu_lock',
  source: { version: 'Linux 3.6', functions: ['fast_page_fault', 'fast_pf_fix_direct_spte'] },
  machines: { ...rmapXchg.machines, vcpu: vcpuWithFastPageFault },
  properties: withoutStart,
  sizes: { emulatingVcpus: 0, loggingOn: 1 },
});

/** manual-clear where faults share mmu_lock. */
export const manualClearTdp = defineDesign({
  ...manualClear,
  id: 'manual-clear-tdp',
  title: 'manual-clear with the TDP MMU: faults share mmu_lock, and mark before they install',
  source: { version: 'Linux 5.12 on', functions: ['kvm_tdp_mmu_map', 'make_spte', 'kvm_clear_dirty_log_protect'] },
  machines: { ...manualClear.machines, vcpu: vcpuTdpMmu, hostWriter: hostWriterInSlot, mmuLock: mmuRwLock },
  sizes: { bitsPerWord: 1, emulatingVcpus: 0 },
  livenessSizes: wordByWord,
});

/** GET_DIRTY_LOG by harvest of D bits. */
export const adBits = defineDesign({
  id: 'ad-bits',
  title: 'harvest of the D bits of all sptes, no write protection',
  source: { version: 'proposed in the talk, never merged', functions: ['kvm_arch_sync_dirty_log'] },
  system: kvm,
  machines: {
    ...actors,
    vcpu: vcpuWithDirtyBits,
    setMemoryRegion: setMemoryRegionDirtyBits,
    getDirtyLog: getDirtyLogByHarvest,
  },
  properties: [
    finalImage,
    noLostWriteWithDirtyBits,
    loggedOrProtectedWithDirtyBits,
    snapshotIsComplete,
    atomicBitmap,
    protectedOnReturnWithDirtyBits,
    mutualExclusion,
    noDeadlock,
    ...liveness,
    ...covers.filter(({ id }) => id !== 'vcpu-waits-for-get'),
    ...writerCovers,
    ...startOfLog,
  ],
  sizes: { dirtyBits: 1 },
  livenessSizes: contended,
});

/** GET_DIRTY_LOG with page-modification logging. */
export const pml = defineDesign({
  id: 'pml',
  title: 'page-modification logging: logs of the vCPUs drained at VM exits, D bits cleared by GET_DIRTY_LOG',
  source: { version: 'Linux 4.0 on', functions: ['vmx_flush_pml_buffer', 'kvm_arch_sync_dirty_log'] },
  system: kvm,
  machines: { ...actors, vcpu: vcpuWithPml, setMemoryRegion: setMemoryRegionPml, getDirtyLog: getDirtyLogWithPml },
  properties: [...withoutStart.filter(({ id }) => id !== 'vcpu-waits-for-get' && id !== 'lock-is-granted'), pmlFills],
  sizes: { dirtyBits: 1, pmlEntries: 1, emulatingVcpus: 0, loggingOn: 1 },
  livenessSizes: contended,
});

/** GET_DIRTY_LOG that protects by a new generation of the root page, and leaves the rest to the vCPUs. */
export const lazyProtect = defineDesign({
  id: 'lazy-protect',
  title: 'write protection in O(1): a new generation of the root page, moved down by the write faults of the vCPUs',
  source: {
    version: 'posted in May 2017, never merged',
    functions: ['kvm_mmu_write_protect_all_pages', 'kvm_reload_remote_mmus', 'kvm_mmu_load', '__direct_map'],
  },
  system: kvm,
  machines: { ...actors, vcpu: vcpuLazy, setMemoryRegion: setMemoryRegionLazy, getDirtyLog: getDirtyLogLazily },
  properties: [...properties.filter(({ id }) => id !== 'vcpu-waits-for-get'), protectedBelow, ...lazyCovers],
  sizes: { pages: 1, pagesPerTable: 1, emulatingVcpus: 0 },
});

/** rmap-xchg-fpf over huge pages, which are protected when the run begins. */
export const rmapXchgFastPageFaultHuge = defineDesign({
  ...rmapXchgFastPageFault,
  id: 'rmap-xchg-fpf-huge',
  title: 'rmap-xchg-fpf over huge pages: the slow path splits them, the lockless path leaves them alone',
  source: { version: 'Linux 3.13', commit: 'c126d94f2c90', functions: ['fast_page_fault', 'drop_large_spte'] },
  machines: { ...rmapXchgFastPageFault.machines, vcpu: vcpuFastPageFaultHuge },
  properties: [...rmapXchgFastPageFault.properties, splitByFault],
  sizes: { ...rmapXchgFastPageFault.sizes, vcpus: 1, pagesPerTable: 2, hugePages: 1 },
});

/** manual-clear-initially-set with the TDP MMU over huge pages, which are writable when the run begins. */
export const manualClearEagerSplit = defineDesign({
  ...manualClearTdp,
  id: 'manual-clear-eager-split',
  title: 'manual-clear-initially-set over huge pages, which the first CLEAR_DIRTY_LOG splits',
  source: {
    version: 'Linux 5.18 on',
    commit: 'cb00a70bd4b7',
    functions: ['kvm_arch_mmu_enable_log_dirty_pt_masked', 'tdp_mmu_split_huge_pages_root', 'tdp_mmu_split_huge_page'],
  },
  machines: {
    ...manualClearTdp.machines,
    vcpu: vcpuTdpHuge,
    setMemoryRegion: setMemoryRegionAllSet,
    getDirtyLog: getDirtyLogWithEagerSplit,
  },
  properties: [
    ...manualClearTdp.properties.filter((property) => !startOfLog.includes(property)),
    splitByFault,
    ...eagerSplitCovers,
  ],
  sizes: { ...manualClearTdp.sizes, loggingOn: 1, initiallySet: 1, pagesPerTable: 2, hugePages: 1 },
});

/** lock-break-late-flush where a display refresh takes the log as well. */
export const lateFlushTwoCollectors = defineDesign({
  ...lockBreakLateFlush,
  id: 'late-flush-two-collectors',
  title: 'lock-break-late-flush with two threads that take the log, one of them for a display refresh',
  machines: { ...lockBreakLateFlush.machines, migration: migrationBesideDisplay, display, bql },
  properties: [...withoutStart, ...collectorCovers, getBreaks],
  sizes: { vcpus: 1, bitsPerWord: 1, emulatingVcpus: 0, collectors: 2, loggingOn: 1 },
  livenessSizes: { pages: 1 },
});

/** Two threads that take the log, with a flush that comes after both locks. */
export const unlockedFlush = defineDesign({
  ...lateFlushTwoCollectors,
  id: 'unlocked-flush',
  title: 'two threads that take the log; the flush comes after slots_lock, by what each has taken itself',
  source: { version: 'the order of Linux 7.2', functions: ['kvm_vm_ioctl_reset_dirty_pages', 'kvm_flush_remote_tlbs'] },
  machines: { ...lateFlushTwoCollectors.machines, getDirtyLog: getDirtyLogByUnlockedFlush },
  properties: [...withoutStart.filter(({ id }) => id !== 'ipi-is-taken'), ...collectorCovers, foundUnflushed],
  sizes: { vcpus: 1, pages: 1, collectors: 2, loggingOn: 1 },
  livenessSizes: { emulatingVcpus: 0 },
});

const trackedSizes = { vcpus: 1, shadowMmu: 1, emulatingVcpus: 0, loggingOn: 1 };

/** rmap-xchg where the shadow MMU counts on sptes without W being flushed. */
export const rmapXchgTracked = defineDesign({
  ...rmapXchg,
  id: 'rmap-xchg-tracked',
  title: 'rmap-xchg beside a shadow MMU that write-protects a page for good, and flushes where W was set',
  source: {
    version: 'Linux 3.5',
    commit: '6dbf79e7164e',
    functions: ['kvm_mmu_get_page', 'rmap_write_protect', 'kvm_vm_ioctl_get_dirty_log'],
  },
  machines: { ...rmapXchg.machines, vcpu: vcpuWithTracking, shadowMmu: writeTracking },
  properties: [...withoutStart, trackedPageFaults, trackedWriteEmulated],
  sizes: trackedSizes,
  livenessSizes: { pages: 1 },
});

/** lock-break-late-flush beside a shadow MMU: it goes by the MMU-writable bit. */
export const lateFlushTracked = defineDesign({
  ...rmapXchgTracked,
  id: 'late-flush-tracked',
  title: 'lock-break-late-flush beside a shadow MMU, which flushes where MMU-writable was set',
  source: {
    version: 'Linux 3.16',
    commit: '198c74f43f0f',
    functions: ['spte_write_protect', 'mmu_spte_update', 'account_shadowed'],
  },
  machines: { ...rmapXchgTracked.machines, getDirtyLog: getDirtyLogByLateFlush, shadowMmu: writeTrackingByMmuWritable },
  properties: [...rmapXchgTracked.properties, trackedUnflushed, getBreaks],
  sizes: { ...trackedSizes, bitsPerWord: 1 },
});

/** rmap-xchg-fpf beside a shadow MMU: the lockless path goes by the MMU-writable bit. */
export const rmapXchgFastPageFaultTracked = defineDesign({
  ...rmapXchgTracked,
  id: 'rmap-xchg-fpf-tracked',
  title: 'rmap-xchg-fpf beside a shadow MMU: MMU-writable keeps the lockless path off what is tracked',
  source: {
    version: 'Linux 3.16',
    functions: ['fast_page_fault', 'spte_write_protect', 'mmu_spte_update'],
  },
  machines: {
    ...rmapXchgTracked.machines,
    vcpu: vcpuFastPageFaultWithTracking,
    shadowMmu: writeTrackingByMmuWritable,
  },
});

/** rmap-xchg over an indirect shadow page, whose spte comes to map another page. */
export const rmapXchgIndirect = defineDesign({
  ...rmapXchg,
  id: 'rmap-xchg-indirect',
  title: 'rmap-xchg over an spte that comes to map another page: its faults take mmu_lock, and look again',
  source: {
    version: 'Linux 3.6',
    functions: ['fast_page_fault', 'mmu_notifier_retry', 'gpte_changed', 'kvm_unmap_hva'],
  },
  machines: { ...rmapXchg.machines, vcpu: vcpuIndirect, shadowMmu: remap },
  properties: [...withoutStart, remappedInFault],
  sizes: trackedSizes,
  livenessSizes: { pages: 1 },
});

/** Every shipped design, oldest first. */
export const designs = [
  srcuSwitch,
  rmapHybrid,
  rmapXchg,
  rmapXchgLateFlush,
  rmapXchgHandshake,
  rmapXchgFastPageFault,
  rmapXchgFastPageFaultHuge,
  lockBreak,
  lockBreakLateFlush,
  pml,
  manualClear,
  manualClearInitiallySet,
  manualClearTdp,
  manualClearEagerSplit,
  lazyProtect,
  adBits,
  lateFlushTwoCollectors,
  unlockedFlush,
  rmapXchgTracked,
  lateFlushTracked,
  rmapXchgFastPageFaultTracked,
  rmapXchgIndirect,
];
