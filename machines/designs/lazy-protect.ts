import { lazyCovers } from '../../properties/lazy-covers.ts';
import { protectedBelow } from '../../properties/protected-below.ts';
import { defineDesign } from '../../src/model/define-design.ts';
import { lazyProtect as getDirtyLogLazily } from '../get-dirty-log/lazy-protect.ts';
import { setMemoryRegionLazy } from '../set-memory-region.ts';
import { kvm } from '../system.ts';
import { vcpuLazy } from '../vcpu/lazy-protect.ts';
import { actors, properties, twoByTwo, twoWords } from './common.ts';

/** GET_DIRTY_LOG that protects by a new generation of the root page, and leaves the sptes to the vCPUs. */
export const lazyProtect = defineDesign({
  id: 'lazy-protect',
  title: 'write protection in O(1): a new generation of the root page, which write faults of the vCPUs move down',
  source: {
    version: 'posted in May 2017, never merged',
    functions: ['kvm_mmu_write_protect_all_pages', 'kvm_reload_remote_mmus', 'kvm_mmu_load', '__direct_map'],
  },
  system: kvm,
  machines: { ...actors, vcpu: vcpuLazy, setMemoryRegion: setMemoryRegionLazy, getDirtyLog: getDirtyLogLazily },
  properties: [...properties.filter(({ id }) => id !== 'vcpu-waits-for-get'), protectedBelow, ...lazyCovers],
  minParams: { pagesPerTable: 1 },
  params: { pages: 1, pagesPerTable: 1, emulatingVcpus: 0 },
  safetyParams: twoByTwo,
  secondSafetyParams: twoWords,
});
