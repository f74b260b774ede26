import { flushRemoteTlbs } from './flush-remote-tlbs.ts';
import { dirtyLogHandler } from './handler.ts';

/**
 * GET_DIRTY_LOG with write protection in O(1), from the series "KVM: MMU: fast write protect" (X. Guangrong, May 2017, never merged): the bitmap is
 * taken word by word with xchg, then the generation of the VM is raised and all vCPUs are told to reload their root
 * (`kvm_reload_remote_mmus`). No spte is touched and `mmu_lock` is not taken: the vCPUs protect from the top, when they load the root and
 * when they fault. The snapshot itself is still O(words of the bitmap). The series does the two halves in two ioctls, all slots first.
 *
 * Snapshot, then generation: a page that is marked before its word is taken may become writable after that, but only under a root of the
 * old generation, which nobody uses once the ioctl has returned. For that the ioctl waits for the vCPUs in guest mode; the others will see
 * the request before they enter.
 */
export const lazyProtect = dirtyLogHandler.createMachine({
  id: 'get-dirty-log',
  initial: 'inUserspace',
  states: {
    inUserspace: { on: { GET_DIRTY_LOG: { actions: 'startIoctl', target: 'lockSlots' } } },
    lockSlots: { tags: ['inIoctl'], entry: 'requestSlotsLock', on: { SLOTS_LOCKED: 'loadWord' } },
    loadWord: {
      tags: ['inIoctl'],
      always: [
        { guard: 'scannedAllCleanWords', actions: 'rewind', target: 'copyToUser' },
        { guard: 'scannedAllWords', actions: 'rewind', target: 'nextGeneration' },
      ],
      on: { STEP: [{ guard: 'wordIsClean', actions: 'nextWord', target: 'loadWord' }, { target: 'xchgWord' }] },
    },
    xchgWord: {
      tags: ['inIoctl'],
      on: { STEP: { actions: ['xchgDirtyWord', 'forgetMask', 'nextWord'], target: 'loadWord' } },
    },
    nextGeneration: { tags: ['inIoctl'], on: { STEP: { actions: 'nextGeneration', target: 'reloadRemoteMmus' } } },
    reloadRemoteMmus: flushRemoteTlbs(['inIoctl'], { target: '#get-dirty-log.copyToUser' }, 'makeReloadRequest'),
    copyToUser: {
      tags: ['inIoctl'],
      on: { STEP: { actions: ['copyToUser', 'releaseSlotsLock', 'returnToUser'], target: 'inUserspace' } },
    },
  },
});
