import { ioctl } from '../ioctl/ioctl.ts';
import { spteWalk } from '../ioctl/sptes.ts';
import { neighboursOf, tableOf } from '../params.ts';
import { linkIsOneStep, tableStays } from '../vcpu/huge-pages.ts';
import { manualClear } from './manual-clear.ts';

const locked = ['inIoctl', 'holdsMmuLock'] as const;
const hugeIsOneSpte = 'a huge spte is one spte: here it is told as the bits of all its pages, which change together';

/** `kvm_mmu_try_split_huge_pages`, and the protection of what is left huge. */
const hugePages = ioctl.implement({
  actions: {
    startSplitting: ({ context: { my, params } }) => {
      my.gfn = my.mask.isEmpty() ? 0 : my.word * params.bitsPerWord + my.mask.first();
    },
    splitHugePage: ({ context: { kvm, my, params } }) => kvm.hugeSptes.clear(tableOf(my.gfn, params)),
    writeProtectHugePage: ({ context: { kvm, my, params } }) => {
      for (const gfn of neighboursOf(my.gfn, params)) kvm.spteWritable.clear(gfn);
    },
    writeProtectSmallPage: ({ context: { kvm, my, params } }) => {
      const gfn = my.word * params.bitsPerWord + my.mask.first();
      my.mask.clear(my.mask.first());
      if (!kvm.hugeSptes.has(tableOf(gfn, params))) kvm.spteWritable.clear(gfn);
    },
  },
  guards: {
    spteIsHuge: ({ context: { kvm, my, params } }) => kvm.hugeSptes.has(tableOf(my.gfn, params)),
    splitWholeRange: ({ context: { my, params } }) =>
      my.mask.isEmpty() || my.mask.first(my.gfn - my.word * params.bitsPerWord) < 0,
  },
});

/**
 * `manualClear` over huge pages, as `kvm_arch_mmu_enable_log_dirty_pt_masked` (arch/x86/kvm/mmu/mmu.c) does it with
 * INITIALLY_SET since Linux 5.18: huge pages were left writable when logging began, so the first CLEAR of a range
 * splits them (`kvm_mmu_try_split_huge_pages`). To allocate the page table it releases `mmu_lock` and takes it again
 * (`tdp_mmu_alloc_sp_for_split`), while the bits of the range are clear and its pages writable. That is harmless: CLEAR
 * has not returned. If the allocation fails, the huge spte is write-protected (`kvm_mmu_slot_gfn_write_protect` at 2M),
 * and the next write fault splits it. At the end the small sptes of the range are protected.
 */
export const eagerSplit = manualClear.use(hugePages, spteWalk).extend({
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
      description:
        'kvm_mmu_try_split_huge_pages: for each spte of the range: if (is_large_pte(iter.old_spte)) split it',
      tags: locked,
      always: { guard: 'splitWholeRange', actions: 'resetWalk', target: 'writeProtect' },
      on: {
        STEP: [{ guard: 'spteIsHuge', actions: 'releaseMmuLock', target: 'allocateTable' }, { actions: 'nextPage' }],
      },
    },
    allocateTable: {
      description: 'tdp_mmu_alloc_sp_for_split: write_unlock(&kvm->mmu_lock); allocate a page table',
      tags: ['inIoctl'],
      on: { STEP: 'relockToSplit', ALLOCATION_FAILS: 'relockToProtect' },
    },
    relockToSplit: {
      description: 'tdp_mmu_alloc_sp_for_split: write_lock(&kvm->mmu_lock)',
      tags: ['inIoctl', 'waitsForMmuLock'],
      entry: 'requestMmuLock',
      on: { LOCK_GRANTED: 'linkTable' },
    },
    linkTable: {
      description:
        'tdp_mmu_split_huge_page: the children get the permissions of the huge spte; cmpxchg links the table',
      tags: locked,
      on: {
        STEP: [
          { guard: 'spteIsHuge', actions: 'splitHugePage', target: 'splitHugePages', meta: { coarse: linkIsOneStep } },
          { target: 'splitHugePages' },
        ],
      },
    },
    relockToProtect: {
      description: 'the allocation failed: write_lock(&kvm->mmu_lock)',
      tags: ['inIoctl', 'waitsForMmuLock'],
      entry: 'requestMmuLock',
      on: { LOCK_GRANTED: 'protectHugePage' },
    },
    protectHugePage: {
      description: 'kvm_mmu_slot_gfn_write_protect(kvm, slot, gfn, PG_LEVEL_2M)',
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
    writeProtect: { on: { STEP: { actions: 'writeProtectSmallPage', meta: { coarse: tableStays } } } },
  },
});
