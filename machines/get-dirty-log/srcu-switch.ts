import { bitmapScan, getDirtyLogCall } from '../ioctl/dirty-bitmap.ts';
import { ioctl } from '../ioctl/ioctl.ts';
import { mmuLocking, slotsLocking } from '../ioctl/locks.ts';
import { memslotsSwitch, oldBitmap, srcuUpdate } from '../ioctl/memslots.ts';
import { spteWalk } from '../ioctl/sptes.ts';
import { flushRemoteTlbs, tlbFlush } from '../ioctl/tlb-flush.ts';
import { step } from '../step.ts';

const afterGracePeriod = ['inIoctl', 'holdsMmuLock', 'afterGracePeriod'] as const;

/**
 * GET_DIRTY_LOG as `kvm_vm_ioctl_get_dirty_log` does it in Linux 2.6.37 to 3.1, arch/x86/kvm/x86.c: the memslots are
 * switched to a clean bitmap, `synchronize_srcu_expedited` waits for every fault path that may still mark in the old
 * one, and then `kvm_mmu_slot_remove_write_access` (arch/x86/kvm/mmu.c) walks all shadow pages under `mmu_lock`.
 */
export const srcuSwitch = ioctl
  .use(getDirtyLogCall, slotsLocking, mmuLocking, bitmapScan, memslotsSwitch, srcuUpdate, spteWalk, tlbFlush, oldBitmap)
  .createMachine({
    id: 'get-dirty-log',
    initial: 'inUserspace',
    states: {
      inUserspace: {
        description: 'the caller has not called ioctl(KVM_GET_DIRTY_LOG)',
        on: { GET_DIRTY_LOG: { actions: 'startIoctl', target: 'lockSlots' } },
      },
      lockSlots: {
        description: 'mutex_lock(&kvm->slots_lock); memslot = &kvm->memslots->memslots[log->slot];',
        tags: ['inIoctl'],
        entry: 'requestSlotsLock',
        on: { SLOTS_LOCKED: { actions: 'readMemslots', target: 'scanWord' } },
      },
      scanWord: {
        description: 'for (i = 0; !is_dirty && i < n / sizeof(long); i++) is_dirty = memslot->dirty_bitmap[i];',
        tags: ['inIoctl'],
        always: { guard: 'scannedAllWords', actions: 'resetWord', target: 'clearUser' },
        on: {
          STEP: [
            { guard: 'wordIsClean', actions: 'nextWord', target: 'scanWord' },
            { actions: 'resetWord', target: 'zeroNewBitmap' },
          ],
        },
      },
      clearUser: {
        description: 'if (!is_dirty) clear_user(log->dirty_bitmap, n); mutex_unlock(&kvm->slots_lock);',
        tags: ['inIoctl'],
        on: step(['resetSlots', 'releaseSlotsLock', 'returnToUser'], 'inUserspace'),
      },
      zeroNewBitmap: {
        description: 'memset(dirty_bitmap, 0, n)',
        tags: ['inIoctl'],
        on: step('zeroNewBitmap', 'publishMemslots'),
      },
      publishMemslots: {
        description:
          'slots->memslots[log->slot].dirty_bitmap = dirty_bitmap; rcu_assign_pointer(kvm->memslots, slots);',
        tags: ['inIoctl'],
        on: step('publishMemslots', 'synchronizeSrcu'),
      },
      synchronizeSrcu: {
        description: 'synchronize_srcu_expedited(&kvm->srcu)',
        tags: ['inIoctl', 'waitsForGracePeriod'],
        entry: 'synchronizeSrcu',
        on: { GRACE_PERIOD_OVER: 'lockMmu' },
      },
      lockMmu: {
        description: 'spin_lock(&kvm->mmu_lock)',
        tags: ['inIoctl', 'waitsForMmuLock', 'afterGracePeriod'],
        entry: 'requestMmuLock',
        on: { LOCK_GRANTED: 'walkSptes' },
      },
      walkSptes: {
        description:
          'kvm_mmu_slot_remove_write_access: for each spte of the slot: if (is_writable_pte(*sptep)) clear W',
        tags: afterGracePeriod,
        always: { guard: 'walkedAllPages', actions: 'resetWalk', target: 'flushTlbs' },
        on: step('dropWritableSpte'),
      },
      flushTlbs: {
        description: 'kvm_flush_remote_tlbs(kvm); spin_unlock(&kvm->mmu_lock);',
        ...flushRemoteTlbs(afterGracePeriod, { actions: 'releaseMmuLock', target: '#get-dirty-log.copyToUser' }),
      },
      copyToUser: {
        description: 'copy_to_user(log->dirty_bitmap, old_dirty_bitmap, n)',
        tags: ['inIoctl', 'afterGracePeriod'],
        on: step('copyOldToUser', 'freeOldBitmap'),
      },
      freeOldBitmap: {
        description: 'the old bitmap is free for the next call; mutex_unlock(&kvm->slots_lock);',
        tags: ['inIoctl'],
        on: step(['freeOldBitmap', 'resetSlots', 'releaseSlotsLock', 'returnToUser'], 'inUserspace'),
      },
    },
  });
