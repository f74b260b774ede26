import { actor, bit, bitmap, counter, index } from '../../src/model/declare.ts';
import { kvm, notLogging } from '../system.ts';

/**
 * A thread of KVM that writes guest memory: a vCPU, or a host writer (host-writer.ts). A machine picks what it does
 * from the files of this folder: `kvmThread.use(pageMarking, ...)`.
 *
 * An action called `reset...` normalises a register or cell that is dead, so that states that differ only there are
 * identified.
 */
export const kvmThread = kvm.actor({
  events: {
    /** the next operation of the code */
    STEP: {},
    /** the guest writes the page */
    WRITE: { field: 'gfn', size: ({ pages }) => pages, optional: true },
    /** KVM emulates an instruction of the guest that writes the page */
    EMULATED_WRITE: { field: 'gfn', size: ({ pages }) => pages, optional: true },
    /** a host writer writes the page */
    HOST_WRITE: { field: 'gfn', size: ({ pages }) => pages, optional: true },
    /** the TLB drops an entry, as it does to make room for another */
    EVICT: { field: 'gfn', size: ({ pages, tlbEvicts }) => tlbEvicts * pages, optional: true },
    /** the scheduler gives the processor to another thread */
    PREEMPT: { field: 'processor', size: ({ preemption }) => preemption, optional: true },
    /** a write fault that `fast_page_fault` leaves to the slow path */
    FIX_SLOWLY: { optional: true },
    /** a VM exit for another reason, such as a timer interrupt */
    EXIT: { optional: true },
  },
  registers: ({ pages, bitsPerWord, shadowPages, handshake }) => ({
    /** the page of the write that caused the exit */
    gfn: index(pages),
    /** the sender of the IPI that caused the exit, where the answer is a step of its own */
    flusher: handshake === 1 ? actor() : actor(0),
    /** the loaded word of the bitmap, in a mutant that marks with a load and a store */
    loaded: bitmap(Math.min(bitsPerWord, pages), { bitsPerWord }),
    /**
     * the result of the last atomic operation, until the branch on it: true if `test_and_set_bit` found the bit clear
     * (counting.ts), if the cmpxchg of the spte succeeded (fast-page-fault.ts), or if the root had the current
     * generation (lazy-protect.ts)
     */
    outcome: bit(),
    /** the loaded `nr_dirty_pages`, where pages are counted */
    count: counter(shadowPages > 0 ? 2 * pages : 0),
  }),
});

/** The register `outcome`. */
export const outcome = kvmThread.implement({
  actions: {
    resetOutcome: ({ context: { my } }) => {
      my.outcome = false;
    },
  },
});

/** Branches on a run that begins with the log on: no `KVM_SET_USER_MEMORY_REGION` changes the memslots then. */
export const memslotsStay = kvmThread.implement({
  guards: { memslotsStay: ({ context: { params } }) => params.loggingOn === 1 },
});

/**
 * A write by KVM, and its mark: `__kvm_write_guest_page`, `gfn_to_memslot`, `mark_page_dirty_in_slot`
 * (virt/kvm/kvm_main.c).
 */
export const pageMarking = kvmThread.implement({
  actions: {
    readMemslots: ({ context: { kvm, cpu, me } }) => cpu.memslots(me).set(kvm.memslots.get()),
    resetMemslots: ({ context: { cpu, me } }) => cpu.memslots(me).set(0),
    markPageDirty: ({ context: { kvm, cpu, my, me } }) => kvm.dirtyBitmap(cpu.memslots(me).get()).set(my.gfn),
    writeGuestPage: ({ context: { ram, my } }) => ram.stale.setWord(my.gfn, 1),
    /** Ghost: the write that is under way has been marked, or needs no mark. */
    noteWriteIsMarked: ({ context: { ghost, my, me } }) => ghost.unmarked(me).clear(my.gfn),
    resetGfn: ({ context: { my } }) => {
      my.gfn = 0;
    },
  },
  guards: { slotDoesNotLog: ({ context: { cpu, me } }) => cpu.memslots(me).get() === notLogging },
  ghost: {
    markPageDirty: ({ context: { cpu, my, me, ghost, actors } }) => {
      ghost.marked(cpu.memslots(me).get()).set(my.gfn);
      ghost.unmarked(me).clear(my.gfn);
      if (actors.vcpu.includes(me)) ghost.faulting.clear(me);
    },
    writeGuestPage: ({ context: { my, me, ghost } }) => ghost.unmarked(me).set(my.gfn),
    /** the page has been marked, or its slot needs no mark */
    resetMemslots: ({ context: { my, me, ghost, actors } }) => {
      ghost.unmarked(me).clear(my.gfn);
      if (actors.vcpu.includes(me)) ghost.faulting.clear(me);
    },
    /** the write is over, or the fault was spurious */
    resetGfn: ({ context: { me, ghost, actors } }) => {
      if (actors.vcpu.includes(me)) ghost.faulting.clear(me);
    },
  },
});

/** `srcu_read_lock(&kvm->srcu)` and `srcu_read_unlock`. */
export const srcuReading = kvmThread.implement({
  actions: {
    srcuReadLock: ({ context: { send, actors } }) => send('SRCU_READ_LOCK', actors.srcu),
    srcuReadUnlock: ({ context: { send, actors } }) => send('SRCU_READ_UNLOCK', actors.srcu),
  },
});

/** `mmu_lock`, held alone. */
export const faultLocking = kvmThread.implement({
  actions: {
    requestMmuLock: ({ context: { send, actors } }) => send('LOCK', actors.mmuLock),
    releaseMmuLock: ({ context: { send, actors } }) => send('UNLOCK', actors.mmuLock),
  },
});
