import { flushRemoteTlbs } from '../ioctl/tlb-flush.ts';
import { rmapXchg } from './rmap-xchg.ts';

/**
 * `rmapXchg` that copies the snapshot out, releases `mmu_lock` and `slots_lock`, and only then flushes: the order of
 * `kvm_vm_ioctl_reset_dirty_pages` in Linux 7.2 (virt/kvm/kvm_main.c), applied to GET_DIRTY_LOG. Another ioctl may find
 * sptes that are protected and not flushed. It is sound because each ioctl flushes for the bits that it took, whatever
 * it found in the sptes.
 */
export const unlockedFlush = rmapXchg.extend({
  states: {
    loadWord: {
      always: { guard: 'scannedAllWords', actions: ['resetWord', 'releaseMmuLock'], target: 'copyToUser' },
    },
    copyToUser: {
      on: {
        STEP: [
          {
            guard: 'nothingToFlush',
            actions: ['copyToUser', 'releaseSlotsLock', 'returnToUser'],
            target: 'inUserspace',
          },
          { actions: ['copyToUser', 'releaseSlotsLock'], target: 'flushTlbs' },
        ],
      },
    },
    flushTlbs: {
      description: 'mutex_unlock(&kvm->slots_lock); kvm_flush_remote_tlbs(kvm);',
      ...flushRemoteTlbs(['inIoctl'], { actions: 'returnToUser', target: '#get-dirty-log.inUserspace' }),
    },
  },
});
