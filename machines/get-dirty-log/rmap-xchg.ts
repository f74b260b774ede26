import { flushRemoteTlbs } from './flush-remote-tlbs.ts';
import { dirtyLogHandler } from './handler.ts';

/**
 * GET_DIRTY_LOG as `kvm_vm_ioctl_get_dirty_log` does it in Linux 3.5 and 3.6, arch/x86/kvm/x86.c, since commit 60c34612 ("KVM: Switch to
 * srcu-less get_dirty_log()"): each word of the bitmap is taken with one xchg, then the pages of its bits are write-protected through
 * their rmap, all of it under one hold of `mmu_lock`. The order is the point: first the snapshot of a bit, then the protection of its
 * page, then the flush, then the copy to user space.
 */
export const rmapXchg = dirtyLogHandler.createMachine({
  id: 'get-dirty-log',
  initial: 'inUserspace',
  states: {
    inUserspace: { on: { GET_DIRTY_LOG: { actions: 'startIoctl', target: 'lockSlots' } } },
    lockSlots: { tags: ['inIoctl', 'waitsForSlotsLock'], entry: 'requestSlotsLock', on: { SLOTS_LOCKED: 'lockMmu' } },
    lockMmu: { tags: ['inIoctl', 'waitsForMmuLock'], entry: 'requestMmuLock', on: { LOCK_GRANTED: 'loadWord' } },
    loadWord: {
      tags: ['inIoctl', 'holdsMmuLock'],
      always: [
        { guard: 'scannedAllCleanWords', actions: ['rewind', 'releaseMmuLock'], target: 'copyToUser' },
        { guard: 'scannedAllWords', actions: 'rewind', target: 'flushTlbs' },
      ],
      on: { STEP: [{ guard: 'wordIsClean', actions: 'nextWord', target: 'loadWord' }, { target: 'xchgWord' }] },
    },
    xchgWord: { tags: ['inIoctl', 'holdsMmuLock'], on: { STEP: { actions: 'xchgDirtyWord', target: 'writeProtect' } } },
    writeProtect: {
      tags: ['inIoctl', 'holdsMmuLock'],
      always: { guard: 'maskIsEmpty', actions: 'nextWord', target: 'loadWord' },
      on: { STEP: { actions: 'writeProtectPage' } },
    },
    flushTlbs: flushRemoteTlbs(['inIoctl', 'holdsMmuLock'], {
      actions: 'releaseMmuLock',
      target: '#get-dirty-log.copyToUser',
    }),
    copyToUser: {
      tags: ['inIoctl'],
      on: { STEP: { actions: ['copyToUser', 'releaseSlotsLock', 'returnToUser'], target: 'inUserspace' } },
    },
  },
});

/**
 * The same with the flush after the unlock: Linux 3.16, 198c74f43f0f ("KVM: MMU: flush tlb out of mmu lock when write-protect the sptes"), and
 * `kvm_get_dirty_log_protect` in virt/kvm/kvm_main.c since 4.0. It is sound because the ioctl still holds `slots_lock` when it flushes, and
 * returns only after that.
 */
export const rmapXchgLateFlush = rmapXchg.extend({
  states: {
    loadWord: {
      always: [
        { guard: 'scannedAllCleanWords', actions: ['rewind', 'releaseMmuLock'], target: 'copyToUser' },
        { guard: 'scannedAllWords', actions: ['rewind', 'releaseMmuLock'], target: 'flushTlbs' },
      ],
    },
    flushTlbs: flushRemoteTlbs(['inIoctl'], { target: '#get-dirty-log.copyToUser' }),
  },
});
