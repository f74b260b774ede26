import { flushRemoteTlbs } from '../ioctl/tlb-flush.ts';
import { rmapXchg, rmapXchgLateFlush } from './rmap-xchg.ts';

const locked = ['inIoctl', 'holdsMmuLock'] as const;

/**
 * A break is followed by the next word, and then perhaps by another break: each comes after some progress, as in
 * `cond_resched_lock` loops.
 */
const afterBreak = {
  relockMmu: {
    description: 'cond_resched_lock: spin_lock(&kvm->mmu_lock)',
    tags: ['inIoctl', 'waitsForMmuLock'],
    entry: 'requestMmuLock',
    on: { LOCK_GRANTED: 'loadWordAfterBreak' },
  },
  loadWordAfterBreak: {
    description: 'if (!dirty_bitmap[i]) continue;',
    tags: locked,
    on: { STEP: [{ guard: 'wordIsClean', actions: 'nextWord', target: 'loadWord' }, { target: 'xchgWord' }] },
  },
} as const;

/**
 * `rmapXchg` that releases `mmu_lock` between two words when another thread waits for it: flush, unlock, lock again.
 * The break is that of `kvm_mmu_slot_remove_write_access` in Linux 3.11, arch/x86/kvm/mmu.c; GET_DIRTY_LOG itself has
 * had none so far.
 */
export const lockBreak = rmapXchg.extend({
  states: {
    loadWord: {
      on: {
        BREAK: [
          { guard: 'nothingToFlush', actions: 'releaseMmuLock', target: 'relockMmu' },
          { target: 'flushAtBreak' },
        ],
      },
    },
    flushAtBreak: {
      description:
        'if (need_resched() || spin_needbreak(&kvm->mmu_lock)) { kvm_flush_remote_tlbs(kvm); cond_resched_lock }',
      ...flushRemoteTlbs(locked, { actions: ['resetFlush', 'releaseMmuLock'], target: '#get-dirty-log.relockMmu' }),
    },
    ...afterBreak,
  },
});

/**
 * `rmapXchgLateFlush` with such breaks and one flush, after the last unlock, as `kvm_mmu_slot_remove_write_access` has
 * it since Linux 3.16.
 */
export const lockBreakLateFlush = rmapXchgLateFlush.extend({
  states: { loadWord: { on: { BREAK: { actions: 'releaseMmuLock', target: 'relockMmu' } } }, ...afterBreak },
});
