import { bothWaysToProtect } from '../../properties/covers.ts';
import { gracePeriod } from '../../properties/grace-period.ts';
import { gracePeriodEnds } from '../../properties/liveness.ts';
import { hostWriteDelaysSwitch } from '../../properties/writer-covers.ts';
import { defineDesign } from '../../src/model/define-design.ts';
import { rmapHybrid as getDirtyLogByRmapHybrid } from '../get-dirty-log/rmap-hybrid.ts';
import { srcuSwitch as getDirtyLogBySrcuSwitch } from '../get-dirty-log/srcu-switch.ts';
import { hostWriterThatCounts } from '../host-writer.ts';
import { kvm } from '../system.ts';
import { vcpuThatCounts } from '../vcpu/counting.ts';
import { vcpuWithMemslotsSwitch } from '../vcpu/memslots-switch.ts';
import { actors, contended, properties, twoWords } from './common.ts';

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
  livenessParams: contended,
  secondSafetyParams: twoWords,
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
  minParams: { shadowPages: 1 },
  params: { shadowPages: 2, emulatingVcpus: 0 },
  livenessParams: contended,
  secondSafetyParams: twoWords,
});
