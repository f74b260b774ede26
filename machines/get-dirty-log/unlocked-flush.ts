import { flushRemoteTlbs } from './flush-remote-tlbs.ts';
import { rmapXchg } from './rmap-xchg.ts';

/**
 * The xchg loop of `rmap-xchg` that copies the snapshot out, lets go of `mmu_lock` and of `slots_lock`, and only then flushes: the order
 * of `kvm_vm_ioctl_reset_dirty_pages` in Linux 7.2 (virt/kvm/kvm_main.c), told for GET_DIRTY_LOG. Another ioctl may find sptes that are
 * protected and not flushed. It is sound as each flushes for the bits that it took itself, whatever it found in the sptes.
 */
export const unlockedFlush = rmapXchg.extend({
  states: {
    loadWord: {
      always: { guard: 'scannedAllWords', actions: ['rewind', 'releaseMmuLock'], target: 'copyToUser' },
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
    flushTlbs: flushRemoteTlbs(['inIoctl'], { actions: 'returnToUser', target: '#get-dirty-log.inUserspace' }),
  },
});
