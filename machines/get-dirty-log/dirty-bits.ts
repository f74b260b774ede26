import { flushRemoteTlbs } from './flush-remote-tlbs.ts';
import { rmapXchg } from './rmap-xchg.ts';

const locked = ['inIoctl', 'holdsMmuLock'] as const;

/**
 * GET_DIRTY_LOG by harvest of D bits, as the talk proposes it; upstream has never done it without PML on x86. Under `mmu_lock` every spte is
 * visited: a D bit that is set is cleared and its page marked in the bitmap. Then the words of the bitmap are taken with xchg, TLBs are
 * flushed, and the log is copied. No page is write-protected, so the guest takes no fault for the log.
 */
export const harvestDirtyBits = rmapXchg.extend({
  states: {
    lockMmu: { on: { LOCK_GRANTED: 'harvest' } },
    harvest: {
      tags: locked,
      always: { guard: 'walkedAllPages', actions: 'rewindWalk', target: 'loadWord' },
      on: { STEP: { actions: 'testAndClearDirtySpte', target: 'markHarvested' } },
    },
    markHarvested: {
      tags: locked,
      always: { guard: 'pageWasClean', actions: 'nextPage', target: 'harvest' },
      on: { STEP: { actions: ['markHarvested', 'nextPage'], target: 'harvest' } },
    },
    xchgWord: { on: { STEP: { actions: ['xchgDirtyWord', 'forgetMask', 'nextWord'], target: 'loadWord' } } },
    flushTlbs: flushRemoteTlbs(locked, { actions: 'releaseMmuLock', target: '#get-dirty-log.copyToUser' }),
  },
});

/**
 * GET_DIRTY_LOG with page-modification logging, Linux 4.0 on (`kvm_arch_sync_dirty_log`, `kvm_arch_mmu_enable_log_dirty_pt_masked`): all vCPUs
 * are kicked, so that they drain their logs soon, and nobody waits for that. Then as `rmap-xchg`, with the D bit cleared in place of the W
 * bit. What a log still holds is reported next time; the last GET comes when the vCPUs have left the guest.
 */
export const pml = rmapXchg.extend({
  states: {
    inUserspace: { on: { GET_DIRTY_LOG: { actions: ['startIoctl', 'kickVcpus'], target: 'lockSlots' } } },
    writeProtect: { on: { STEP: { actions: 'clearDirtySpte' } } },
  },
});
