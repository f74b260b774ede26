import { not } from '../../src/model/machine.ts';
import { step } from '../step.ts';
import { vcpu } from '../vcpu.ts';
import { writeFault } from './guest.ts';
import { kvmThread, outcome } from './kvm-thread.ts';

/** The lockless look at an spte, and the branch after its cmpxchg. */
const locklessSpte = kvmThread.implement({
  guards: {
    cmpxchgSucceeded: ({ context: { my } }) => my.outcome,
    spteIsWritable: ({ context: { kvm, my } }) => kvm.spteWritable.has(my.gfn),
  },
});

/** `fast_pf_fix_direct_spte`: `cmpxchg64(sptep, spte, spte | PT_WRITABLE_MASK) == spte`. */
const cmpxchgSpte = kvmThread.implement({
  actions: {
    cmpxchgSpteWritable: ({ context: { kvm, my } }) => {
      my.outcome = !kvm.spteWritable.testAndSet(my.gfn);
    },
  },
  ghost: {
    cmpxchgSpteWritable: ({ context: { my, me, ghost } }) => {
      if (my.outcome) ghost.unmarked(me).set(my.gfn);
    },
  },
});

/**
 * The vCPU with `fast_page_fault` (arch/x86/kvm/mmu.c, Linux 3.6): a write fault on a page that is only write-protected
 * is handled without `mmu_lock`. The spte is made writable with a cmpxchg, and if that succeeds the page is marked:
 * install, then mark. Where it does not apply (`FIX_SLOWLY`: an indirect shadow page, an spte that is not MMU-writable)
 * the slow path under `mmu_lock` does the work.
 */
export const vcpuWithFastPageFault = vcpu.use(outcome, locklessSpte, cmpxchgSpte).extend({
  states: {
    inGuest: { on: { WRITE: writeFault('host.walkShadowPage') } },
    host: {
      states: {
        walkShadowPage: {
          description: 'for_each_shadow_entry_lockless: if (is_writable_pte(spte)) the fault is spurious',
          on: {
            STEP: [{ guard: 'spteIsWritable', actions: 'resetGfn', target: 'enterGuest' }, { target: 'cmpxchgSpte' }],
            FIX_SLOWLY: 'lockMmu',
          },
        },
        cmpxchgSpte: {
          description: 'fast_pf_fix_direct_spte: cmpxchg64(sptep, spte, spte | PT_WRITABLE_MASK) == spte',
          on: step('cmpxchgSpteWritable', 'readMemslotsAfterwards'),
        },
        readMemslotsAfterwards: {
          description: 'if the cmpxchg succeeded: mark_page_dirty: gfn_to_memslot(vcpu->kvm, gfn)',
          always: [
            { guard: not('cmpxchgSucceeded'), actions: 'resetGfn', target: 'enterGuest' },
            { guard: 'memslotsStay', target: 'markAfterwards' },
          ],
          on: step('readMemslots', 'markAfterwards'),
        },
        markAfterwards: {
          description: 'mark_page_dirty(vcpu->kvm, gfn)',
          tags: ['usesMemslots'],
          always: {
            guard: 'slotDoesNotLog',
            actions: ['noteWriteIsMarked', 'resetOutcome', 'resetMemslots', 'resetGfn'],
            target: 'enterGuest',
          },
          on: step(['markPageDirty', 'noteWriteIsMarked', 'resetOutcome', 'resetMemslots', 'resetGfn'], 'enterGuest'),
        },
      },
    },
  },
});
