import { linkIsOneStep, tableStays } from '../vcpu/huge-pages.ts';
import { manualClear } from './manual-clear.ts';

const locked = ['inIoctl', 'holdsMmuLock'] as const;
const hugeIsOneSpte = 'a huge spte is one spte: here it is told as the bits of all its pages, which change together';

/**
 * CLEAR_DIRTY_LOG over huge pages, as `kvm_arch_mmu_enable_log_dirty_pt_masked` (arch/x86/kvm/mmu/mmu.c) does it with INITIALLY_SET since Linux
 * 5.18: huge pages were left writable when logging began, so the first CLEAR of a range splits them (`kvm_mmu_try_split_huge_pages`). For the
 * page table it lets `mmu_lock` go and takes it again (`tdp_mmu_alloc_sp_for_split`), while the bits of the range are clear and its pages
 * writable. That harms nobody: CLEAR has not returned. Where the memory for the table is missing, the huge spte is write-protected
 * (`kvm_mmu_slot_gfn_write_protect` at 2M), and the next write fault splits it. In the end the small sptes of the range are protected.
 */
export const eagerSplit = manualClear.extend({
  states: {
    clearWord: {
      on: {
        STEP: [
          { guard: 'nothingToClear', actions: 'nextWord', target: 'clearWord' },
          { actions: ['clearWord', 'startSplitting'], target: 'splitHugePages' },
        ],
      },
    },
    splitHugePages: {
      tags: locked,
      always: { guard: 'splitWholeRange', actions: 'rewindWalk', target: 'writeProtect' },
      on: {
        STEP: [{ guard: 'spteIsHuge', actions: 'releaseMmuLock', target: 'allocateTable' }, { actions: 'nextPage' }],
      },
    },
    allocateTable: { tags: ['inIoctl'], on: { STEP: 'relockToSplit', ALLOCATION_FAILS: 'relockToProtect' } },
    relockToSplit: {
      tags: ['inIoctl', 'waitsForMmuLock'],
      entry: 'requestMmuLock',
      on: { LOCK_GRANTED: 'linkTable' },
    },
    linkTable: {
      tags: locked,
      on: {
        STEP: [
          { guard: 'spteIsHuge', actions: 'splitHugePage', target: 'splitHugePages', meta: { coarse: linkIsOneStep } },
          { target: 'splitHugePages' },
        ],
      },
    },
    relockToProtect: {
      tags: ['inIoctl', 'waitsForMmuLock'],
      entry: 'requestMmuLock',
      on: { LOCK_GRANTED: 'protectHugePage' },
    },
    protectHugePage: {
      tags: locked,
      on: {
        STEP: [
          {
            guard: 'spteIsHuge',
            actions: ['writeProtectHugePage', 'nextPage'],
            target: 'splitHugePages',
            meta: { coarse: hugeIsOneSpte },
          },
          { target: 'splitHugePages' },
        ],
      },
    },
    writeProtect: {
      on: { STEP: { actions: 'writeProtectSmallPage', meta: { coarse: tableStays } } },
    },
  },
});
