import { vcpu } from '../vcpu.ts';
import { exitIsOneStep, writeWithoutFault } from './guest.ts';
import { kvmThread } from './kvm-thread.ts';

/** Looks of a fault at the page that an indirect spte maps. */
export const indirectSpte = kvmThread.implement({
  guards: {
    gpteMapsPage: ({ context: { kvm, params }, event }) =>
      params.shadowMmu === 0 || kvm.indirectGfn.get() === event.gfn,
    spteMapsPage: ({ context: { kvm, my, params } }) => params.shadowMmu === 0 || kvm.indirectGfn.get() === my.gfn,
  },
});

/** Returns the transitions of WRITE where the guest's page table decides whether a write faults on this page. */
export const indirectWriteFault = <const T extends string>(target: T) =>
  [
    ...writeWithoutFault,
    { guard: 'gpteMapsPage', actions: ['exitForPage', 'leaveGuestMode'], target, meta: { coarse: exitIsOneStep } },
  ] as const;

/**
 * The vCPU of a guest whose page tables KVM shadows, told for one spte: it writes the page that its page table maps.
 * The fault looks that up before it takes `mmu_lock`, and again under it (`mmu_notifier_retry`, and `gpte_changed` in
 * `FNAME(fetch)`; Linux 3.6, arch/x86/kvm/mmu.c and paging_tmpl.h). The lockless path leaves indirect shadow pages
 * alone.
 */
export const vcpuIndirect = vcpu.use(indirectSpte).extend({
  states: {
    inGuest: { on: { WRITE: indirectWriteFault('host.lockMmu') } },
    host: {
      states: {
        lockMmu: { on: { LOCK_GRANTED: 'walkAgain' } },
        walkAgain: {
          description:
            'if (mmu_notifier_retry(...)) goto out_unlock; FNAME(fetch): if (FNAME(gpte_changed)(...)) goto out',
          tags: ['holdsMmuLock'],
          on: {
            STEP: [
              { guard: 'spteMapsPage', target: 'readMemslots' },
              { actions: ['resetGfn', 'releaseMmuLock'], target: 'enterGuest' },
            ],
          },
        },
      },
    },
  },
});
