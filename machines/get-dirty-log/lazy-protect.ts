import { bitmapScan, getDirtyLogCall, xchgSnapshot } from '../ioctl/dirty-bitmap.ts';
import { ioctl } from '../ioctl/ioctl.ts';
import { slotsLocking } from '../ioctl/locks.ts';
import { rootGeneration } from '../ioctl/root-generation.ts';
import { flushRemoteTlbs, tlbFlush } from '../ioctl/tlb-flush.ts';
import { step } from '../step.ts';

/**
 * GET_DIRTY_LOG with write protection in O(1), from the series "KVM: MMU: fast write protect" (X. Guangrong, May 2017,
 * never merged): the bitmap is taken word by word with xchg, then the generation of the VM is raised and all vCPUs are
 * told to reload their root (`kvm_reload_remote_mmus`). No spte is touched and `mmu_lock` is not taken: the vCPUs
 * protect from the top, when they load the root and when they fault. The snapshot itself is still O(words of the
 * bitmap). The series does the two halves in two ioctls, all slots first.
 *
 * Snapshot, then generation: a page that is marked before its word is taken may become writable after that, but only
 * under a root of the old generation, which no vCPU uses once the ioctl has returned. For that the ioctl waits for the
 * vCPUs in guest mode; the others see the request before they enter.
 */
export const lazyProtect = ioctl
  .use(getDirtyLogCall, slotsLocking, bitmapScan, xchgSnapshot, rootGeneration, tlbFlush)
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
        tags: ['inIoctl'],
        entry: 'requestSlotsLock',
        on: { SLOTS_LOCKED: 'loadWord' },
      },
      loadWord: {
        description: 'for (i = 0; i < n / sizeof(long); i++) if (!dirty_bitmap[i]) continue;',
        tags: ['inIoctl'],
        always: [
          { guard: 'scannedAllCleanWords', actions: 'resetWord', target: 'copyToUser' },
          { guard: 'scannedAllWords', actions: 'resetWord', target: 'nextGeneration' },
        ],
        on: { STEP: [{ guard: 'wordIsClean', actions: 'nextWord', target: 'loadWord' }, { target: 'xchgWord' }] },
      },
      xchgWord: {
        description: 'mask = xchg(&dirty_bitmap[i], 0); dirty_bitmap_buffer[i] = mask;',
        tags: ['inIoctl'],
        on: step(['xchgDirtyWord', 'resetMask', 'nextWord'], 'loadWord'),
      },
      nextGeneration: {
        description:
          'kvm_mmu_write_protect_all_pages: the generation of the VM is raised, so that every root page is an old one',
        tags: ['inIoctl'],
        on: step('nextGeneration', 'reloadRemoteMmus'),
      },
      reloadRemoteMmus: {
        description: 'kvm_reload_remote_mmus: make_all_cpus_request(kvm, KVM_REQ_MMU_RELOAD)',
        ...flushRemoteTlbs(['inIoctl'], { target: '#get-dirty-log.copyToUser' }, 'makeReloadRequest'),
      },
      copyToUser: {
        description: 'copy_to_user(log->dirty_bitmap, dirty_bitmap_buffer, n); mutex_unlock(&kvm->slots_lock);',
        tags: ['inIoctl'],
        on: step(['copyToUser', 'releaseSlotsLock', 'returnToUser'], 'inUserspace'),
      },
    },
  });
