import { ioctl } from '../ioctl/ioctl.ts';
import { spteWalk } from '../ioctl/sptes.ts';
import { flushRemoteTlbs, kick } from '../ioctl/tlb-flush.ts';
import { step } from '../step.ts';
import { rmapXchg } from './rmap-xchg.ts';

const locked = ['inIoctl', 'holdsMmuLock'] as const;

/** The harvest: D bits of sptes move to the dirty bitmap. */
const harvest = ioctl.implement({
  actions: {
    testAndClearDirtySpte: ({ context: { kvm, ioctl, my } }) => {
      if (kvm.spteDirty.testAndClear(my.gfn)) ioctl.harvested.set(my.gfn);
    },
    markHarvested: ({ context: { kvm, ioctl, my } }) => {
      kvm.dirtyBitmap(0).set(my.gfn);
      ioctl.harvested.clear(my.gfn);
      my.flush = true;
    },
  },
  guards: { pageWasClean: ({ context: { ioctl, my } }) => !ioctl.harvested.has(my.gfn) },
  ghost: { markHarvested: ({ context: { my, ghost } }) => ghost.marked(0).set(my.gfn) },
});

/**
 * `rmapXchg` by harvest of D bits, as the talk proposes it; upstream has never done it without PML on x86. Under
 * `mmu_lock` every spte is visited: a D bit that is set is cleared and its page marked in the bitmap. Then the words of
 * the bitmap are taken with xchg, TLBs are flushed, and the log is copied. No page is write-protected, so the guest
 * takes no fault for the log.
 */
export const harvestDirtyBits = rmapXchg.use(harvest, spteWalk).extend({
  states: {
    lockMmu: { on: { LOCK_GRANTED: 'harvest' } },
    harvest: {
      description: 'for each spte of the slot: test_and_clear_bit(PT_DIRTY_SHIFT, sptep)',
      tags: locked,
      always: { guard: 'walkedAllPages', actions: 'resetWalk', target: 'loadWord' },
      on: step('testAndClearDirtySpte', 'markHarvested'),
    },
    markHarvested: {
      description: 'if D was set: set_bit_le(gfn, memslot->dirty_bitmap)',
      tags: locked,
      always: { guard: 'pageWasClean', actions: 'nextPage', target: 'harvest' },
      on: step(['markHarvested', 'nextPage'], 'harvest'),
    },
    xchgWord: { on: step(['xchgDirtyWord', 'resetMask', 'nextWord'], 'loadWord') },
    flushTlbs: flushRemoteTlbs(locked, { actions: 'releaseMmuLock', target: '#get-dirty-log.copyToUser' }),
  },
});

/** `kvm_mmu_clear_dirty_pt_masked`: clears the D bits of the pages in `mask`. */
const clearDirty = ioctl.implement({
  actions: {
    clearDirtySpte: ({ context: { kvm, my, params } }) => {
      const bit = my.mask.first();
      my.mask.clear(bit);
      kvm.spteDirty.clear(my.word * params.bitsPerWord + bit);
    },
  },
});

/**
 * `rmapXchg` with page-modification logging, Linux 4.0 on (`kvm_arch_sync_dirty_log`,
 * `kvm_arch_mmu_enable_log_dirty_pt_masked`): all vCPUs are kicked, so that they drain their logs soon, and the ioctl
 * does not wait for that. The D bit is cleared in place of the W bit. What a log still holds is reported next time; the
 * last GET comes when the vCPUs have left the guest.
 */
export const pml = rmapXchg.use(kick, clearDirty).extend({
  states: {
    inUserspace: { on: { GET_DIRTY_LOG: { actions: ['startIoctl', 'kickVcpus'], target: 'lockSlots' } } },
    writeProtect: {
      description: 'kvm_mmu_clear_dirty_pt_masked: while (mask) clear the D bit of the next page',
      on: step('clearDirtySpte'),
    },
  },
});
