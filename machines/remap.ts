import { ioctl } from './ioctl/ioctl.ts';
import { mmuLocking } from './ioctl/locks.ts';
import { flushRemoteTlbs, tlbFlush } from './ioctl/tlb-flush.ts';
import { step } from './step.ts';
import { oneSpte } from './write-tracking.ts';

const locked = ['holdsMmuLock'] as const;

/** The one indirect spte: what it maps, and its W bit. */
const indirectSpte = ioctl.implement({
  actions: {
    zapSpte: ({ context: { kvm, my, params } }) => {
      my.gfn = kvm.indirectGfn.get();
      kvm.indirectGfn.set(params.pages);
      kvm.spteWritable.setWord(my.gfn, 0);
    },
    mapNextPage: ({ context: { kvm, my, params } }) => {
      kvm.indirectGfn.set((my.gfn + 1) % params.pages);
      my.gfn = 0;
    },
  },
});

/**
 * Changes of the spte of an indirect shadow page during the fault of a vCPU: the host swaps its page frame out
 * (`kvm_unmap_hva` from an MMU notifier: the spte is zapped, and TLBs are flushed, under `mmu_lock`), gives the frame
 * to another page, and the guest changes its page table so that the spte maps that other page now, at first without W.
 * So the spte is what it was, bit by bit, and means another page. Linux 3.6, arch/x86/kvm/mmu.c;
 * Documentation/virt/kvm/locking.rst tells it in these steps.
 */
export const remap = ioctl.use(mmuLocking, indirectSpte, tlbFlush).createMachine({
  id: 'remap',
  initial: 'mapped',
  states: {
    mapped: { description: 'the indirect spte maps a page of the guest', on: { SWAP_OUT: 'lockMmu' } },
    lockMmu: {
      description: 'kvm_mmu_notifier_invalidate_page: spin_lock(&kvm->mmu_lock)',
      tags: ['waitsForMmuLock'],
      entry: 'requestMmuLock',
      on: { LOCK_GRANTED: 'zap' },
    },
    zap: { description: 'kvm_unmap_hva(kvm, address)', tags: locked, on: step('zapSpte', 'flushTlbs', oneSpte) },
    flushTlbs: {
      description: 'kvm_flush_remote_tlbs(kvm); spin_unlock(&kvm->mmu_lock);',
      ...flushRemoteTlbs(locked, { actions: 'releaseMmuLock', target: '#remap.swappedOut' }),
    },
    swappedOut: { description: 'the page frame goes to another page of the guest', on: { STEP: 'lockMmuToMap' } },
    lockMmuToMap: {
      description: 'spin_lock(&vcpu->kvm->mmu_lock), in the fault of another vCPU',
      tags: ['waitsForMmuLock'],
      entry: 'requestMmuLock',
      on: { LOCK_GRANTED: 'map' },
    },
    map: {
      description: 'mmu_set_spte for the page that the page table of the guest maps now, without W',
      tags: locked,
      on: step(['mapNextPage', 'releaseMmuLock'], 'mapped'),
    },
  },
});
