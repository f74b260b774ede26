import { getBreaks } from '../../properties/covers.ts';
import {
  remappedInFault,
  trackedPageFaults,
  trackedUnflushed,
  trackedWriteEmulated,
} from '../../properties/write-tracking.ts';
import { defineDesign } from '../../src/model/define-design.ts';
import { lockBreakLateFlush as getDirtyLogByLateFlush } from '../get-dirty-log/lock-break.ts';
import { remap } from '../remap.ts';
import { vcpuIndirect } from '../vcpu/indirect.ts';
import { vcpuFastPageFaultWithTracking, vcpuWithTracking } from '../vcpu/write-tracking.ts';
import { writeTracking, writeTrackingByMmuWritable } from '../write-tracking.ts';
import { twoByTwo, withoutStart } from './common.ts';
import { rmapXchg } from './rmap-xchg.ts';

const trackedParams = { vcpus: 1, shadowMmu: 1, emulatingVcpus: 0, loggingOn: 1 };

/** rmap-xchg where the shadow MMU assumes that sptes without W are flushed. */
export const rmapXchgTracked = defineDesign({
  ...rmapXchg,
  id: 'rmap-xchg-tracked',
  title: 'rmap-xchg with a shadow MMU that write-protects a page for good, and flushes where W was set',
  source: {
    version: 'Linux 3.5',
    commit: '6dbf79e7164e',
    functions: ['kvm_mmu_get_page', 'rmap_write_protect', 'kvm_vm_ioctl_get_dirty_log'],
  },
  machines: { ...rmapXchg.machines, vcpu: vcpuWithTracking, shadowMmu: writeTracking },
  properties: [...withoutStart, trackedPageFaults, trackedWriteEmulated],
  params: trackedParams,
  safetyParams: twoByTwo,
  livenessParams: twoByTwo,
});

/** lock-break-late-flush with a shadow MMU that decides by MMU-writable. */
export const lateFlushTracked = defineDesign({
  ...rmapXchgTracked,
  id: 'late-flush-tracked',
  title: 'lock-break-late-flush with a shadow MMU, which flushes where MMU-writable was set',
  source: {
    version: 'Linux 3.16',
    commit: '198c74f43f0f',
    functions: ['spte_write_protect', 'mmu_spte_update', 'account_shadowed'],
  },
  machines: { ...rmapXchgTracked.machines, getDirtyLog: getDirtyLogByLateFlush, shadowMmu: writeTrackingByMmuWritable },
  properties: [...rmapXchgTracked.properties, trackedUnflushed, getBreaks],
  params: { ...trackedParams, bitsPerWord: 1 },
  livenessParams: { vcpus: 2, pages: 1 },
});

/** rmap-xchg-fpf with a shadow MMU: the lockless path decides by MMU-writable. */
export const rmapXchgFastPageFaultTracked = defineDesign({
  ...rmapXchgTracked,
  id: 'rmap-xchg-fpf-tracked',
  title: 'rmap-xchg-fpf with a shadow MMU: MMU-writable keeps the lockless path off tracked pages',
  source: {
    version: 'Linux 3.16',
    functions: ['fast_page_fault', 'spte_write_protect', 'mmu_spte_update'],
  },
  machines: {
    ...rmapXchgTracked.machines,
    vcpu: vcpuFastPageFaultWithTracking,
    shadowMmu: writeTrackingByMmuWritable,
  },
  safetyParams: { vcpus: 2, pages: 1 },
  livenessParams: { vcpus: 2, pages: 1 },
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
  params: trackedParams,
  safetyParams: twoByTwo,
  livenessParams: twoByTwo,
});
