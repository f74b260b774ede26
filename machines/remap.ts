import { flushRemoteTlbs } from './get-dirty-log/flush-remote-tlbs.ts';
import { dirtyLogHandler } from './get-dirty-log/handler.ts';
import { oneSpte } from './write-tracking.ts';

const locked = ['holdsMmuLock'] as const;

/**
 * What happens to the spte of an indirect shadow page beside the fault of a vCPU: the host swaps its page frame out (`kvm_unmap_hva` from an MMU
 * notifier: the spte is zapped, and TLBs are flushed, under `mmu_lock`), gives the frame to another page, and the guest changes its page table
 * so that the spte maps that other page now, at first without W. So the spte is what it was, bit by bit, and means another page.
 * Linux 3.6, arch/x86/kvm/mmu.c; Documentation/virt/kvm/locking.rst tells it in these steps.
 */
export const remap = dirtyLogHandler.createMachine({
  id: 'remap',
  initial: 'mapped',
  states: {
    mapped: { on: { SWAP_OUT: 'lockMmu' } },
    lockMmu: { tags: ['waitsForMmuLock'], entry: 'requestMmuLock', on: { LOCK_GRANTED: 'zap' } },
    zap: { tags: locked, on: { STEP: { actions: 'zapSpte', target: 'flushTlbs', meta: { coarse: oneSpte } } } },
    flushTlbs: flushRemoteTlbs(locked, { actions: 'releaseMmuLock', target: '#remap.swappedOut' }),
    swappedOut: { on: { STEP: 'lockMmuToMap' } },
    lockMmuToMap: { tags: ['waitsForMmuLock'], entry: 'requestMmuLock', on: { LOCK_GRANTED: 'map' } },
    map: { tags: locked, on: { STEP: { actions: ['mapNextPage', 'releaseMmuLock'], target: 'mapped' } } },
  },
});
