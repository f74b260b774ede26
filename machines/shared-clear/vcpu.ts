import { counter } from '../../src/model/declare.ts';
import { not } from '../../src/model/machine.ts';
import type { KvmParams } from '../params.ts';
import { step } from '../step.ts';
import { exitIsOneStep } from '../vcpu/guest.ts';
import { kvmThread, outcome } from '../vcpu/kvm-thread.ts';
import { vcpuTdpMmu } from '../vcpu/tdp-mmu.ts';
import { kvmWithSharedClear, onePte } from './system.ts';

/** A thread of KVM whose fault handlers change a pte by a cmpxchg. */
export const kvmThreadWithPte = kvmWithSharedClear.extendActor(kvmThread, {
  events: {
    /** the guest executes code in the page, for the first time */
    EXECUTE: { field: 'gfn', size: ({ pages }: KvmParams) => pages, optional: true },
  },
  registers: () => ({
    /** the pte as the walker has loaded it: 1 if it is writable, and 2 if it is executable */
    old: counter(3),
  }),
});

/** `stage2_attr_walker`: a load of the pte, and `stage2_try_set_pte`, the cmpxchg of walkers that share the lock. */
export const stage2Faults = kvmThreadWithPte.implement({
  actions: {
    exitForCode: ({ context: { my }, event }) => {
      my.gfn = event.gfn;
    },
    loadPte: ({ context: { kvm, stage2, my } }) => {
      my.old = (kvm.spteWritable.has(my.gfn) ? 1 : 0) + (stage2.executable.has(my.gfn) ? 2 : 0);
    },
    cmpxchgPteWritable: ({ context: { kvm, stage2, my } }) => {
      my.outcome = (kvm.spteWritable.has(my.gfn) ? 1 : 0) + (stage2.executable.has(my.gfn) ? 2 : 0) === my.old;
      if (my.outcome) kvm.spteWritable.setWord(my.gfn, 1);
      my.old = 0;
    },
    cmpxchgPteExecutable: ({ context: { kvm, stage2, my } }) => {
      const pte = (kvm.spteWritable.has(my.gfn) ? 1 : 0) + (stage2.executable.has(my.gfn) ? 2 : 0);
      if (pte === my.old) stage2.executable.setWord(my.gfn, 1);
      my.old = 0;
    },
  },
  guards: {
    pteIsNotExecutable: ({ context: { stage2 }, event }) => !stage2.executable.has(event.gfn),
    cmpxchgSucceeded: ({ context: { my } }) => my.outcome,
  },
  ghost: {
    /** other vCPUs may write the page from now on, and it is not marked yet, unless this fault has marked it */
    cmpxchgPteWritable: ({ context: { my, me, nth, ghost } }) => {
      if (my.outcome && ghost.faulting.has(nth)) ghost.unmarked(me).set(my.gfn);
    },
  },
});

/**
 * The vCPU of arm64 (`user_mem_abort`, arch/arm64/kvm/mmu.c; `kvm_pgtable_stage2_relax_perms`, `stage2_attr_walker`,
 * arch/arm64/kvm/hyp/pgtable.c; Linux 7.2): a write fault on a mapped page, and the first execution of code in it, are
 * permission faults, which share `mmu_lock` and change the pte by a cmpxchg. If that fails the guest runs on and faults
 * again. A write fault marks the page after the unlock, if its cmpxchg succeeded: install, then mark.
 */
export const vcpuStage2 = vcpuTdpMmu
  .as(kvmThreadWithPte)
  .use(outcome, stage2Faults)
  .extend({
    states: {
      inGuest: {
        on: {
          EXECUTE: {
            guard: 'pteIsNotExecutable',
            actions: ['exitForCode', 'leaveGuestMode'],
            target: 'host.lockMmuForCode',
            meta: { coarse: exitIsOneStep },
          },
        },
      },
      host: {
        states: {
          lockMmu: { on: { LOCK_GRANTED: 'loadPte' } },
          loadPte: {
            description: '__kvm_pgtable_visit: ctx.old = READ_ONCE(*ptep)',
            tags: ['sharesMmuLock', 'usesMemslots'],
            on: step('loadPte', 'setSpte', onePte),
          },
          setSpte: {
            description: 'stage2_try_set_pte: cmpxchg(ctx->ptep, ctx->old, pte | KVM_PTE_LEAF_ATTR_LO_S2_S2AP_W)',
            tags: ['sharesMmuLock', 'usesMemslots'],
            on: step(['cmpxchgPteWritable', 'releaseMmuLockShared'], 'markPageDirty', onePte),
          },
          markPageDirty: {
            description: 'if (writable && !ret) mark_page_dirty_in_slot(kvm, memslot, gfn)',
            tags: ['usesMemslots'],
            always: [
              { guard: not('cmpxchgSucceeded'), actions: ['resetMemslots', 'resetGfn'], target: 'enterGuest' },
              {
                guard: 'slotDoesNotLog',
                actions: ['noteWriteIsMarked', 'resetOutcome', 'resetMemslots', 'resetGfn'],
                target: 'enterGuest',
              },
            ],
            on: step(['markPageDirty', 'noteWriteIsMarked', 'resetOutcome', 'resetMemslots', 'resetGfn'], 'enterGuest'),
          },
          lockMmuForCode: {
            description: 'read_lock(&kvm->mmu_lock), for a fault of the fetch of an instruction',
            tags: ['waitsForMmuLock'],
            entry: 'requestMmuLockShared',
            on: { LOCK_GRANTED: 'loadPteForCode' },
          },
          loadPteForCode: {
            description: '__kvm_pgtable_visit: ctx.old = READ_ONCE(*ptep)',
            tags: ['sharesMmuLock'],
            on: step('loadPte', 'cmpxchgPteForCode', onePte),
          },
          cmpxchgPteForCode: {
            description: 'stage2_try_set_pte: cmpxchg(ctx->ptep, ctx->old, pte & ~KVM_PTE_LEAF_ATTR_HI_S2_XN)',
            tags: ['sharesMmuLock'],
            on: step(['cmpxchgPteExecutable', 'resetGfn', 'releaseMmuLockShared'], 'enterGuest', onePte),
          },
        },
      },
    },
  });
