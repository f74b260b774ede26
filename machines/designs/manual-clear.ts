import { pageIsCleared, startOfLog, startOfLogAllSet } from '../../properties/covers.ts';
import { eagerSplitCovers, splitByFault } from '../../properties/huge-page-covers.ts';
import { protectedAfterClear } from '../../properties/protected-after-clear.ts';
import { protectedOnReturn } from '../../properties/protected-on-return.ts';
import { defineDesign } from '../../src/model/define-design.ts';
import { eagerSplit as getDirtyLogWithEagerSplit } from '../get-dirty-log/eager-split.ts';
import { manualClear as getDirtyLogManually } from '../get-dirty-log/manual-clear.ts';
import { hostWriterInSlot } from '../host-writer.ts';
import { migrationWithClear } from '../migration.ts';
import { mmuRwLock } from '../mmu-rwlock.ts';
import { setMemoryRegionAllSet, setMemoryRegionLateFlush } from '../set-memory-region.ts';
import { kvm } from '../system.ts';
import { vcpuTdpHuge } from '../vcpu/huge-pages.ts';
import { vcpuTdpMmu } from '../vcpu/tdp-mmu.ts';
import { actors, contended, properties, withoutStart } from './common.ts';

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
  properties: [...properties.filter((property) => property !== protectedOnReturn), protectedAfterClear, pageIsCleared],
};

/** GET_DIRTY_LOG that only reads, and CLEAR_DIRTY_LOG that clears and protects a chunk. */
export const manualClear = defineDesign({
  ...manualClearDesign,
  id: 'manual-clear',
  title: 'GET_DIRTY_LOG that only reads, CLEAR_DIRTY_LOG that clears and protects chunk by chunk',
  params: { bitsPerWord: 1 },
  livenessParams: contended,
});

/** manual-clear with all bits set and nothing protected when logging starts. */
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
    pageIsCleared,
  ],
  minParams: { initiallySet: 1 },
  params: { bitsPerWord: 1, initiallySet: 1, emulatingVcpus: 0 },
  livenessParams: contended,
});

/** manual-clear where faults share mmu_lock. */
export const manualClearTdp = defineDesign({
  ...manualClear,
  id: 'manual-clear-tdp',
  title: 'manual-clear with the TDP MMU: faults share mmu_lock, and mark before they install',
  source: { version: 'Linux 5.12 on', functions: ['kvm_tdp_mmu_map', 'make_spte', 'kvm_clear_dirty_log_protect'] },
  machines: { ...manualClear.machines, vcpu: vcpuTdpMmu, hostWriter: hostWriterInSlot, mmuLock: mmuRwLock },
  params: { bitsPerWord: 1, emulatingVcpus: 0 },
  livenessParams: contended,
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
  minParams: { pagesPerTable: 1, hugePages: 1 },
  params: { ...manualClearTdp.params, loggingOn: 1, initiallySet: 1, pagesPerTable: 2, hugePages: 1 },
});
