import { flushRemoteTlbs } from './flush-remote-tlbs.ts';
import { dirtyLogHandler } from './handler.ts';

/**
 * GET_DIRTY_LOG as `kvm_vm_ioctl_get_dirty_log` does it in Linux 2.6.37 to 3.1, arch/x86/kvm/x86.c: the memslots are switched to a clean
 * bitmap, `synchronize_srcu_expedited` waits for every fault path that may still mark in the old one, and then
 * `kvm_mmu_slot_remove_write_access` (arch/x86/kvm/mmu.c) walks all shadow pages under `mmu_lock`.
 */
export const srcuSwitch = dirtyLogHandler.createMachine({
  id: 'get-dirty-log',
  initial: 'inUserspace',
  states: {
    inUserspace: { on: { GET_DIRTY_LOG: { actions: 'startIoctl', target: 'lockSlots' } } },
    lockSlots: {
      tags: ['inIoctl'],
      entry: 'requestSlotsLock',
      on: { SLOTS_LOCKED: { actions: 'readMemslots', target: 'scanWord' } },
    },
    scanWord: {
      tags: ['inIoctl'],
      always: { guard: 'scannedAllWords', actions: 'rewind', target: 'clearUser' },
      on: {
        STEP: [
          { guard: 'wordIsClean', actions: 'nextWord', target: 'scanWord' },
          { actions: 'rewind', target: 'zeroNewBitmap' },
        ],
      },
    },
    clearUser: {
      tags: ['inIoctl'],
      on: { STEP: { actions: ['forgetSlots', 'releaseSlotsLock', 'returnToUser'], target: 'inUserspace' } },
    },
    zeroNewBitmap: { tags: ['inIoctl'], on: { STEP: { actions: 'zeroNewBitmap', target: 'publishMemslots' } } },
    publishMemslots: { tags: ['inIoctl'], on: { STEP: { actions: 'publishMemslots', target: 'synchronizeSrcu' } } },
    synchronizeSrcu: {
      tags: ['inIoctl', 'waitsForGracePeriod'],
      entry: 'synchronizeSrcu',
      on: { GRACE_PERIOD_OVER: 'lockMmu' },
    },
    lockMmu: {
      tags: ['inIoctl', 'waitsForMmuLock', 'afterGracePeriod'],
      entry: 'requestMmuLock',
      on: { LOCK_GRANTED: 'walkSptes' },
    },
    walkSptes: {
      tags: ['inIoctl', 'holdsMmuLock', 'afterGracePeriod'],
      always: { guard: 'walkedAllPages', actions: 'rewindWalk', target: 'flushTlbs' },
      on: { STEP: { actions: 'dropWritableSpte' } },
    },
    flushTlbs: flushRemoteTlbs(['inIoctl', 'holdsMmuLock', 'afterGracePeriod'], {
      actions: 'releaseMmuLock',
      target: '#get-dirty-log.copyToUser',
    }),
    copyToUser: {
      tags: ['inIoctl', 'afterGracePeriod'],
      on: { STEP: { actions: 'copyOldToUser', target: 'freeOldBitmap' } },
    },
    freeOldBitmap: {
      tags: ['inIoctl'],
      on: {
        STEP: { actions: ['freeOldBitmap', 'forgetSlots', 'releaseSlotsLock', 'returnToUser'], target: 'inUserspace' },
      },
    },
  },
});
