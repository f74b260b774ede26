import { entryIsCancelled } from '../../properties/covers.ts';
import { splitByFault } from '../../properties/huge-page-covers.ts';
import { whereInterruptsAreOff } from '../../properties/liveness.ts';
import { defineDesign } from '../../src/model/define-design.ts';
import {
  rmapXchgWithHandshake as getDirtyLogWithHandshake,
  setMemoryRegionWithHandshake,
} from '../get-dirty-log/handshake.ts';
import {
  rmapXchg as getDirtyLogByRmapXchg,
  rmapXchgLateFlush as getDirtyLogByRmapXchgLateFlush,
} from '../get-dirty-log/rmap-xchg.ts';
import { setMemoryRegionLateFlush } from '../set-memory-region.ts';
import { kvm } from '../system.ts';
import { vcpuWithFastPageFault } from '../vcpu/fast-page-fault.ts';
import { vcpuWithHandshake } from '../vcpu/handshake.ts';
import { vcpuFastPageFaultHuge } from '../vcpu/huge-pages.ts';
import { actors, contended, properties, twoByTwo, twoWords, withoutStart } from './common.ts';

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
  livenessParams: contended,
  secondSafetyParams: twoWords,
});

/** rmap-xchg with the flush after the unlock. */
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
  params: { pages: 1, emulatingVcpus: 0, loggingOn: 1 },
  safetyParams: twoByTwo,
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
  minParams: { handshake: 1 },
  params: { handshake: 1, pages: 1, emulatingVcpus: 0, loggingOn: 1 },
  safetyParams: twoByTwo,
});

/** rmap-xchg where the vCPU handles write faults without `mmu_lock`. */
export const rmapXchgFastPageFault = defineDesign({
  ...rmapXchg,
  id: 'rmap-xchg-fpf',
  title: 'rmap-xchg with the fast page fault: the vCPU installs, then marks, without mmu_lock',
  source: { version: 'Linux 3.6', functions: ['fast_page_fault', 'fast_pf_fix_direct_spte'] },
  machines: { ...rmapXchg.machines, vcpu: vcpuWithFastPageFault },
  properties: withoutStart,
  params: { emulatingVcpus: 0, loggingOn: 1 },
});

/** rmap-xchg-fpf over huge pages, which are protected when the run begins. */
export const rmapXchgFastPageFaultHuge = defineDesign({
  ...rmapXchgFastPageFault,
  id: 'rmap-xchg-fpf-huge',
  title: 'rmap-xchg-fpf over huge pages: the slow path splits them, the lockless path does not touch them',
  source: { version: 'Linux 3.13', commit: 'c126d94f2c90', functions: ['fast_page_fault', 'drop_large_spte'] },
  machines: { ...rmapXchgFastPageFault.machines, vcpu: vcpuFastPageFaultHuge },
  properties: [...rmapXchgFastPageFault.properties, splitByFault],
  minParams: { pagesPerTable: 1, hugePages: 1 },
  params: { ...rmapXchgFastPageFault.params, vcpus: 1, pagesPerTable: 2, hugePages: 1 },
  safetyParams: twoByTwo,
});
