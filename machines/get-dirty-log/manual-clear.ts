import { flushRemoteTlbs } from './flush-remote-tlbs.ts';
import { dirtyLogHandler } from './handler.ts';

/**
 * GET_DIRTY_LOG and CLEAR_DIRTY_LOG as `kvm_get_dirty_log_protect` and `kvm_clear_dirty_log_protect` do them in Linux 5.0 and later,
 * virt/kvm/kvm_main.c (2a31b9db1535): GET copies the live bitmap and clears nothing. CLEAR takes a chunk and the bits that user space has
 * seen, clears those with `atomic_long_fetch_andnot`, protects their pages under `mmu_lock`, flushes after the unlock, and returns. Between
 * the clear and the protection a page is clean and writable, which harms nobody: user space has not read the page yet.
 */
export const manualClear = dirtyLogHandler.createMachine({
  id: 'get-dirty-log',
  initial: 'inUserspace',
  states: {
    inUserspace: {
      on: {
        GET_DIRTY_LOG: { actions: 'startIoctl', target: 'lockSlots' },
        CLEAR_DIRTY_LOG: { actions: 'startClear', target: 'lockSlotsToClear' },
      },
    },
    lockSlots: { tags: ['inIoctl'], entry: 'requestSlotsLock', on: { SLOTS_LOCKED: 'copyWordToUser' } },
    lockSlotsToClear: { tags: ['inIoctl'], entry: 'requestSlotsLock', on: { SLOTS_LOCKED: 'lockMmu' } },
    copyWordToUser: {
      tags: ['inIoctl'],
      always: {
        guard: 'scannedAllWords',
        actions: ['rewind', 'releaseSlotsLock', 'returnToUser'],
        target: 'inUserspace',
      },
      on: { STEP: { actions: ['copyLiveWordToUser', 'nextWord'] } },
    },
    lockMmu: { tags: ['inIoctl', 'waitsForMmuLock'], entry: 'requestMmuLock', on: { LOCK_GRANTED: 'clearWord' } },
    clearWord: {
      tags: ['inIoctl', 'holdsMmuLock'],
      on: {
        STEP: [
          { guard: 'nothingToClear', actions: 'nextWord', target: 'clearWord' },
          { actions: 'clearWord', target: 'writeProtect' },
        ],
      },
    },
    writeProtect: {
      tags: ['inIoctl', 'holdsMmuLock'],
      always: [
        { guard: 'wordIsDone', actions: 'nextWord', target: 'clearWord' },
        { guard: 'nothingToFlush', actions: 'releaseMmuLock', target: 'returnFromClear' },
        { guard: 'maskIsEmpty', actions: 'releaseMmuLock', target: 'flushTlbs' },
      ],
      on: { STEP: { actions: 'writeProtectPage' } },
    },
    flushTlbs: flushRemoteTlbs(['inIoctl'], { target: '#get-dirty-log.returnFromClear' }),
    returnFromClear: {
      tags: ['inIoctl', 'clearReturns'],
      on: { STEP: { actions: ['forgetClear', 'releaseSlotsLock', 'returnFromClear'], target: 'inUserspace' } },
    },
  },
});
