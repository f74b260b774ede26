import { flushRemoteTlbs } from './flush-remote-tlbs.ts';
import { rmapXchg, rmapXchgLateFlush } from './rmap-xchg.ts';

const locked = ['inIoctl', 'holdsMmuLock'] as const;

/** What follows a break: the next word, and then perhaps another break. So each break comes after some progress, as in `cond_resched_lock` loops. */
const afterBreak = {
  relockMmu: {
    tags: ['inIoctl', 'waitsForMmuLock'],
    entry: 'requestMmuLock',
    on: { LOCK_GRANTED: 'loadWordAfterBreak' },
  },
  loadWordAfterBreak: {
    tags: locked,
    on: { STEP: [{ guard: 'wordIsClean', actions: 'nextWord', target: 'loadWord' }, { target: 'xchgWord' }] },
  },
} as const;

/**
 * The xchg loop of `rmap-xchg`, which lets `mmu_lock` go between two words when somebody wants it: flush, unlock, lock again. The break is
 * that of `kvm_mmu_slot_remove_write_access` in Linux 3.11, arch/x86/kvm/mmu.c; GET_DIRTY_LOG itself has had none so far.
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
    flushAtBreak: flushRemoteTlbs(locked, {
      actions: ['noteFlushed', 'releaseMmuLock'],
      target: '#get-dirty-log.relockMmu',
    }),
    ...afterBreak,
  },
});

/** The same with one flush, after the last unlock, as `kvm_mmu_slot_remove_write_access` has it since Linux 3.16. */
export const lockBreakLateFlush = rmapXchgLateFlush.extend({
  states: {
    loadWord: {
      on: {
        BREAK: { actions: 'releaseMmuLock', target: 'relockMmu' },
      },
    },
    ...afterBreak,
  },
});
