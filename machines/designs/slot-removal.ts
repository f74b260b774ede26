import { removalCovers } from '../../properties/slot-removal-covers.ts';
import { defineDesign } from '../../src/model/define-design.ts';
import { mmuRwLock } from '../mmu-rwlock.ts';
import {
  hostWriterWithSlotRemoval,
  migrationThatRemoves,
  setMemoryRegionThatRemoves,
  setMemoryRegionThatRemovesPml,
} from '../slot-removal.ts';
import { vcpuPmlWithSlotRemoval } from '../vcpu/pml-slot-removal.ts';
import { vcpuWithSlotRemoval } from '../vcpu/slot-removal.ts';
import { twoByTwo, withoutStart } from './common.ts';
import { pml } from './dirty-bits.ts';
import { rmapXchgLateFlush } from './rmap-xchg.ts';

/** rmap-xchg-late-flush with the TDP MMU, where a slot is removed and added again. */
export const slotRemoval = defineDesign({
  ...rmapXchgLateFlush,
  id: 'slot-removal',
  title: 'a slot that is removed and added again: made read-only, its log taken a last time, deleted',
  source: {
    version: 'proposed in 2020, never merged',
    functions: ['kvm_set_phys_mem', 'kvm_set_memslot', 'kvm_invalidate_memslot', 'kvm_delete_memslot'],
  },
  machines: {
    ...rmapXchgLateFlush.machines,
    vcpu: vcpuWithSlotRemoval,
    hostWriter: hostWriterWithSlotRemoval,
    mmuLock: mmuRwLock,
    setMemoryRegion: setMemoryRegionThatRemoves,
    migration: migrationThatRemoves,
  },
  properties: [...withoutStart, ...removalCovers],
  params: { vcpus: 1, pages: 1, emulatingVcpus: 0, loggingOn: 1 },
  livenessParams: twoByTwo,
});

/** slot-removal with page-modification logging. */
export const slotRemovalPml = defineDesign({
  ...pml,
  id: 'slot-removal-pml',
  title: 'slot-removal with page-modification logging: the last log waits for the vCPUs to drain theirs',
  source: {
    version: 'proposed in 2020, never merged',
    functions: ['kvm_set_phys_mem', 'kvm_set_memslot', 'vmx_flush_pml_buffer'],
  },
  machines: {
    ...pml.machines,
    vcpu: vcpuPmlWithSlotRemoval,
    hostWriter: hostWriterWithSlotRemoval,
    setMemoryRegion: setMemoryRegionThatRemovesPml,
    migration: migrationThatRemoves,
  },
  properties: [...pml.properties, ...removalCovers],
  minParams: { ...pml.minParams, loggingOn: 1 },
  params: { ...pml.params, vcpus: 1, pages: 1 },
  safetyParams: { vcpus: 2 },
  livenessParams: { vcpus: 2 },
});
