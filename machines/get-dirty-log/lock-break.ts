import { flushRemoteTlbs } from './handler.ts';
import { rmapXchg } from './rmap-xchg.ts';

const locked = ['inIoctl', 'holdsMmuLock'] as const;

/**
 * The xchg loop of `rmap-xchg`, which lets `mmu_lock` go between two words when somebody wants it: flush, unlock, lock again. The break is
 * that of `kvm_mmu_slot_remove_write_access` in Linux 3.11, arch/x86/kvm/mmu.c; GET_DIRTY_LOG itself has had none so far.
 */
export const lockBreak = rmapXchg.with({
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
    relockMmu: { tags: ['inIoctl', 'waitsForMmuLock'], entry: 'requestMmuLock', on: { LOCK_GRANTED: 'loadWord' } },
  },
});

/**
 * The same with one flush, after the last unlock: Linux 3.16, 198c74f43f0f ("KVM: MMU: flush tlb out of mmu lock when write-protect the
 * sptes"). It is sound because the ioctl still holds `slots_lock` when it flushes, and returns only after that.
 */
export const lockBreakLateFlush = rmapXchg.with({
  states: {
    loadWord: {
      always: [
        { guard: 'scannedAllCleanWords', actions: ['rewind', 'releaseMmuLock'], target: 'copyToUser' },
        { guard: 'scannedAllWords', actions: ['rewind', 'releaseMmuLock'], target: 'flushTlbs' },
      ],
      on: {
        BREAK: { actions: 'releaseMmuLock', target: 'relockMmu' },
      },
    },
    flushTlbs: flushRemoteTlbs(['inIoctl'], { target: '#get-dirty-log.copyToUser' }),
    relockMmu: { tags: ['inIoctl', 'waitsForMmuLock'], entry: 'requestMmuLock', on: { LOCK_GRANTED: 'loadWord' } },
  },
});
