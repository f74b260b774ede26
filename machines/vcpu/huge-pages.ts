import { neighboursOf, tableOf } from '../params.ts';
import { vcpuWithFastPageFault } from './fast-page-fault.ts';
import { exitIsOneStep } from './guest.ts';
import { kvmThread } from './kvm-thread.ts';
import { vcpuTdpMmu } from './tdp-mmu.ts';

export const linkIsOneStep =
  'a table is linked with a cmpxchg on the entry that was read; its sptes were filled before, out of reach';
export const tableStays =
  'while the log is on a huge spte may become a table, and a table stays one: only the last load counts';

/** A fault below a huge spte. */
const splitOnFault = kvmThread.implement({
  actions: { splitHugePage: ({ context: { kvm, my, params } }) => kvm.hugeSptes.clear(tableOf(my.gfn, params)) },
  guards: { spteIsHuge: ({ context: { kvm, my, params } }) => kvm.hugeSptes.has(tableOf(my.gfn, params)) },
});

/** A walk that finds a huge spte fills the TLB with an entry for all its pages. */
const hugeTlbEntry = kvmThread.implement({
  actions: {
    fillHugeTlb: ({ context: { cpu, nth, params }, event }) => {
      for (const gfn of neighboursOf(event.gfn, params)) cpu.tlb(nth).set(gfn);
    },
  },
  guards: {
    hugeSpteAllowsWrite: ({ context: { kvm, params }, event }) =>
      kvm.hugeSptes.has(tableOf(event.gfn, params)) && kvm.spteWritable.has(event.gfn),
  },
});

const splitIfHuge = {
  STEP: [
    { guard: 'spteIsHuge', actions: 'splitHugePage', target: 'markPageDirty', meta: { coarse: linkIsOneStep } },
    { target: 'markPageDirty' },
  ],
} as const;

/**
 * `vcpuTdpMmu` over huge pages (`kvm_tdp_mmu_map`, `tdp_mmu_split_huge_page`, arch/x86/kvm/mmu/tdp_mmu.c, Linux 5.19
 * on): with the log on, `kvm_mmu_hugepage_adjust` allows 4K only, so a write fault below a huge spte splits it first.
 * The children get its permissions. Then the page is marked and its spte installed.
 */
export const vcpuTdpHuge = vcpuTdpMmu.use(splitOnFault, hugeTlbEntry).extend({
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
          description: 'kvm_tdp_mmu_map: if (is_large_pte(iter.old_spte)) tdp_mmu_split_huge_page',
          tags: ['sharesMmuLock'],
          on: splitIfHuge,
        },
      },
    },
  },
});

/**
 * `vcpuWithFastPageFault` over huge pages, as it has been since c126d94f ("KVM: MMU: lazily drop large spte", Linux
 * 3.13): huge sptes are made read-only for the log, not dropped, and stay so until the slow path splits them. The
 * lockless path leaves them alone: it marks one page.
 */
export const vcpuFastPageFaultHuge = vcpuWithFastPageFault.use(splitOnFault).extend({
  states: {
    host: {
      states: {
        walkShadowPage: {
          description:
            'for_each_shadow_entry_lockless: a huge spte goes to the slow path; a writable one is a spurious fault',
          on: {
            STEP: [
              { guard: 'spteIsHuge', target: 'lockMmu' },
              { guard: 'spteIsWritable', actions: 'resetGfn', target: 'enterGuest', meta: { coarse: tableStays } },
              { target: 'cmpxchgSpte', meta: { coarse: tableStays } },
            ],
          },
        },
        readMemslots: {
          always: { guard: 'memslotsStay', target: 'splitOnFault' },
          on: { STEP: { actions: 'readMemslots', target: 'splitOnFault' } },
        },
        splitOnFault: {
          description: '__direct_map: drop_large_spte(vcpu, sptep), and a table of small sptes in its place',
          tags: ['holdsMmuLock'],
          on: splitIfHuge,
        },
      },
    },
  },
});
