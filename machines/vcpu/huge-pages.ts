import { exitIsOneStep } from '../vcpu.ts';
import { vcpuWithFastPageFault } from './fast-page-fault.ts';
import { vcpuTdpMmu } from './tdp-mmu.ts';

export const linkIsOneStep =
  'a table is linked with a cmpxchg on the entry that was read; its sptes were filled before, out of reach';
export const tableStays =
  'while the log is on a huge spte may become a table, and a table stays one: only the last load counts';

/**
 * The vCPU with the TDP MMU over huge pages (`kvm_tdp_mmu_map`, `tdp_mmu_split_huge_page`, arch/x86/kvm/mmu/tdp_mmu.c, Linux 5.19 on): with the log on,
 * `kvm_mmu_hugepage_adjust` allows 4K only, so a write fault below a huge spte splits it first. The children get its permissions. Then the
 * page is marked and its spte installed, as in `vcpuTdpMmu`. A walk to a huge spte fills the TLB with an entry for all its pages.
 */
export const vcpuTdpHuge = vcpuTdpMmu.extend({
  states: {
    inGuest: {
      on: {
        WRITE: [
          { guard: 'tlbAllowsWrite', actions: 'writePage' },
          { guard: 'hugeSpteAllowsWrite', actions: 'fillHugeTlb', meta: { coarse: tableStays } },
          { guard: 'spteAllowsWrite', actions: 'fillTlb', meta: { coarse: tableStays } },
          { actions: ['exitForPage', 'leaveGuestMode'], target: 'host.readMemslots', meta: { coarse: exitIsOneStep } },
        ],
      },
    },
    host: {
      states: {
        lockMmu: { on: { LOCK_GRANTED: 'splitOnFault' } },
        splitOnFault: {
          tags: ['sharesMmuLock'],
          on: {
            STEP: [
              {
                guard: 'spteIsHuge',
                actions: 'splitHugePage',
                target: 'markPageDirty',
                meta: { coarse: linkIsOneStep },
              },
              { target: 'markPageDirty' },
            ],
          },
        },
      },
    },
  },
});

/**
 * The vCPU with the fast page fault over huge pages, as it has been since c126d94f ("KVM: MMU: lazily drop large spte", Linux 3.13): huge sptes are made
 * read-only for the log, not dropped, and stay so until the slow path splits them. The lockless path leaves them alone: it marks one page.
 */
export const vcpuFastPageFaultHuge = vcpuWithFastPageFault.extend({
  states: {
    host: {
      states: {
        walkShadowPage: {
          on: {
            STEP: [
              { guard: 'spteIsHuge', target: 'lockMmu' },
              { guard: 'spteIsWritable', actions: 'forgetPage', target: 'enterGuest', meta: { coarse: tableStays } },
              { target: 'cmpxchgSpte', meta: { coarse: tableStays } },
            ],
          },
        },
        readMemslots: {
          always: { guard: 'memslotsStay', target: 'splitOnFault' },
          on: { STEP: { actions: 'readMemslots', target: 'splitOnFault' } },
        },
        splitOnFault: {
          tags: ['holdsMmuLock'],
          on: {
            STEP: [
              {
                guard: 'spteIsHuge',
                actions: 'splitHugePage',
                target: 'markPageDirty',
                meta: { coarse: linkIsOneStep },
              },
              { target: 'markPageDirty' },
            ],
          },
        },
      },
    },
  },
});
