import { bit, bitmap, counter, index } from '../../src/model/declare.ts';
import { vcpusOf, wordIndex } from '../params.ts';
import { kvm } from '../system.ts';

/**
 * A thread of KVM that reads the dirty log, switches it on, or protects pages for another reason: the caller of an
 * ioctl, or the shadow MMU. A machine picks what it does from the files of this folder, one for each subject of the
 * kernel, and orders it: `ioctl.use(slotsLock, dirtyBitmap, ...).createMachine(...)`. A thread calls one ioctl at a
 * time.
 *
 * An action called `reset...` normalises a register that is dead, so that states that differ only there are identified.
 */
export const ioctl = kvm.actor({
  events: {
    /** the next operation of the code */
    STEP: {},
    /** `kvm_make_all_cpus_request` turns to the next vCPU, in any order */
    MAKE_REQUEST: { field: 'vcpu', size: ({ vcpus }) => vcpus },
    /** `need_resched() || spin_needbreak(&kvm->mmu_lock)` */
    BREAK: { optional: true },
    /** no memory for a page table */
    ALLOCATION_FAILS: { optional: true },
    /** the host reclaims the page frame that an indirect spte maps */
    SWAP_OUT: { optional: true },
    /** a page of the guest becomes one that holds a page table */
    TRACK: { field: 'gfn', size: ({ pages }) => pages, optional: true },
  },
  registers: (params) => ({
    /** index of the current word of the bitmap */
    word: wordIndex(params),
    /** `mask`: bits of that word whose pages are still to be protected */
    mask: bitmap(Math.min(params.bitsPerWord, params.pages), { bitsPerWord: params.bitsPerWord }),
    /** a loaded word, in a mutant that clears bits with a load and a store */
    loaded: bitmap(Math.min(params.bitsPerWord, params.pages), { bitsPerWord: params.bitsPerWord }),
    /**
     * `is_dirty` in 3.6, `flush` in later kernels: TLBs have to be flushed before the ioctl returns, or before the lock
     * is released
     */
    flush: bit(),
    /** which of the two dirty bitmaps was current when the ioctl began, where memslots are switched */
    slots: index(2),
    /** `nr_dirty_pages`, as the ioctl has read it */
    nrDirtyPages: counter(params.shadowPages > 0 ? 2 * params.pages : 0),
    /** the page that a walk over all sptes has reached */
    gfn: counter(params.pages),
    /** `kvm_make_all_cpus_request`: vCPUs without the request so far */
    toRequest: vcpusOf(params),
    /** `kvm_make_all_cpus_request`: vCPUs that were sent an IPI and have not answered */
    cpus: vcpusOf(params),
    /** the vCPU between its request and the read of its mode, where these are two steps */
    vcpu: index(params.handshake === 1 ? params.vcpus : 1),
  }),
});
