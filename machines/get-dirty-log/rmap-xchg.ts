import { bitmapScan, getDirtyLogCall, xchgSnapshot } from '../ioctl/dirty-bitmap.ts';
import { ioctl } from '../ioctl/ioctl.ts';
import { mmuLocking, slotsLocking } from '../ioctl/locks.ts';
import { rmapWriteProtect } from '../ioctl/sptes.ts';
import { flushRemoteTlbs, tlbFlush } from '../ioctl/tlb-flush.ts';
import { step } from '../step.ts';

const locked = ['inIoctl', 'holdsMmuLock'] as const;

/**
 * GET_DIRTY_LOG as `kvm_vm_ioctl_get_dirty_log` does it in Linux 3.5 and 3.6, arch/x86/kvm/x86.c, since commit 60c34612
 * ("KVM: Switch to srcu-less get_dirty_log()"): each word of the bitmap is taken with one xchg, then the pages of its
 * bits are write-protected through their rmap, all under one hold of `mmu_lock`. The order is the point: first the
 * snapshot of a bit, then the protection of its page, then the flush, then the copy to user space.
 */
export const rmapXchg = ioctl
  .use(getDirtyLogCall, slotsLocking, mmuLocking, bitmapScan, xchgSnapshot, rmapWriteProtect, tlbFlush)
  .createMachine({
    id: 'get-dirty-log',
    initial: 'inUserspace',
    states: {
      inUserspace: {
        description: 'the caller has not called ioctl(KVM_GET_DIRTY_LOG)',
        on: { GET_DIRTY_LOG: { actions: 'startIoctl', target: 'lockSlots' } },
      },
      lockSlots: {
        description: 'mutex_lock(&kvm->slots_lock)',
        tags: ['inIoctl', 'waitsForSlotsLock'],
        entry: 'requestSlotsLock',
        on: { SLOTS_LOCKED: 'lockMmu' },
      },
      lockMmu: {
        description: 'spin_lock(&kvm->mmu_lock)',
        tags: ['inIoctl', 'waitsForMmuLock'],
        entry: 'requestMmuLock',
        on: { LOCK_GRANTED: 'loadWord' },
      },
      loadWord: {
        description: 'for (i = 0; i < n / sizeof(long); i++) if (!dirty_bitmap[i]) continue;',
        tags: locked,
        always: [
          { guard: 'scannedAllCleanWords', actions: ['resetWord', 'releaseMmuLock'], target: 'copyToUser' },
          { guard: 'scannedAllWords', actions: 'resetWord', target: 'flushTlbs' },
        ],
        on: { STEP: [{ guard: 'wordIsClean', actions: 'nextWord', target: 'loadWord' }, { target: 'xchgWord' }] },
      },
      xchgWord: {
        description: 'is_dirty = true; mask = xchg(&dirty_bitmap[i], 0); dirty_bitmap_buffer[i] = mask;',
        tags: locked,
        on: step('xchgDirtyWord', 'writeProtect'),
      },
      writeProtect: {
        description: 'kvm_mmu_write_protect_pt_masked: while (mask) clear PT_WRITABLE_MASK of the next page',
        tags: locked,
        always: { guard: 'maskIsEmpty', actions: 'nextWord', target: 'loadWord' },
        on: step('writeProtectPage'),
      },
      flushTlbs: {
        description: 'if (is_dirty) kvm_flush_remote_tlbs(kvm); spin_unlock(&kvm->mmu_lock);',
        ...flushRemoteTlbs(locked, { actions: 'releaseMmuLock', target: '#get-dirty-log.copyToUser' }),
      },
      copyToUser: {
        description: 'copy_to_user(log->dirty_bitmap, dirty_bitmap_buffer, n); mutex_unlock(&kvm->slots_lock);',
        tags: ['inIoctl'],
        on: step(['copyToUser', 'releaseSlotsLock', 'returnToUser'], 'inUserspace'),
      },
    },
  });

/**
 * `rmapXchg` with the flush after the unlock: Linux 3.16, 198c74f43f0f ("KVM: MMU: flush tlb out of mmu lock when
 * write-protect the sptes"), and `kvm_get_dirty_log_protect` in virt/kvm/kvm_main.c since 4.0. It is sound because the
 * ioctl still holds `slots_lock` when it flushes, and returns only after that.
 */
export const rmapXchgLateFlush = rmapXchg.extend({
  states: {
    loadWord: {
      always: [
        { guard: 'scannedAllCleanWords', actions: ['resetWord', 'releaseMmuLock'], target: 'copyToUser' },
        { guard: 'scannedAllWords', actions: ['resetWord', 'releaseMmuLock'], target: 'flushTlbs' },
      ],
    },
    flushTlbs: {
      description: 'spin_unlock(&kvm->mmu_lock); if (is_dirty) kvm_flush_remote_tlbs(kvm);',
      ...flushRemoteTlbs(['inIoctl'], { target: '#get-dirty-log.copyToUser' }),
    },
  },
});
