import { exitIsOneStep, vcpu } from '../vcpu.ts';

/**
 * The vCPU of a guest whose page tables KVM shadows, told for one spte: it writes the page that its page table maps. The fault looks that up before
 * it takes `mmu_lock`, and again under it (`mmu_notifier_retry`, and `gpte_changed` in `FNAME(fetch)`; Linux 3.6, arch/x86/kvm/mmu.c and
 * paging_tmpl.h). The lockless path leaves indirect shadow pages alone.
 */
export const vcpuIndirect = vcpu.extend({
  states: {
    inGuest: {
      on: {
        WRITE: [
          { guard: 'tlbAllowsWrite', actions: 'writePage' },
          { guard: 'spteAllowsWrite', actions: 'fillTlb' },
          {
            guard: 'gpteMapsPage',
            actions: ['exitForPage', 'leaveGuestMode'],
            target: 'host.lockMmu',
            meta: { coarse: exitIsOneStep },
          },
        ],
      },
    },
    host: {
      states: {
        lockMmu: { on: { LOCK_GRANTED: 'walkAgain' } },
        walkAgain: {
          tags: ['holdsMmuLock'],
          on: {
            STEP: [
              { guard: 'spteMapsPage', target: 'readMemslots' },
              { actions: ['forgetPage', 'releaseMmuLock'], target: 'enterGuest' },
            ],
          },
        },
      },
    },
  },
});
