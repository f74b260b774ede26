import { defineMutant } from '../../src/model/define-design.ts';
import { manualClearEagerSplit, rmapXchgFastPageFaultHuge } from '../designs/index.ts';
import { eagerSplit } from '../get-dirty-log/eager-split.ts';
import { ioctl } from '../ioctl/ioctl.ts';
import { firstPageOf, neighboursOf, tableOf } from '../params.ts';
import { step } from '../step.ts';
import { linkIsOneStep, tableStays, vcpuFastPageFaultHuge } from '../vcpu/huge-pages.ts';
import { kvmThread } from '../vcpu/kvm-thread.ts';

const cmpxchgHugeSpte = kvmThread.implement({
  actions: {
    cmpxchgHugeSpteWritable: ({ context: { kvm, my, params } }) => {
      my.gfn = firstPageOf(my.gfn, params);
      my.outcome = !kvm.spteWritable.has(my.gfn);
      for (const gfn of neighboursOf(my.gfn, params)) kvm.spteWritable.set(gfn);
    },
  },
  ghost: {
    cmpxchgHugeSpteWritable: ({ context: { my, me, ghost } }) => {
      if (my.outcome) ghost.unmarked(me).set(my.gfn);
    },
  },
});

const splitWritable = ioctl.implement({
  actions: {
    splitIntoWritable: ({ context: { kvm, my, params } }) => {
      kvm.hugeSptes.clear(tableOf(my.gfn, params));
      for (const gfn of neighboursOf(my.gfn, params)) kvm.spteWritable.set(gfn);
    },
  },
});

const fastFaultOnHugePage = defineMutant(rmapXchgFastPageFaultHuge, 'fast-fault-on-huge-page', {
  bug: 'the fast page fault makes a huge spte writable, and marks the first of its pages (M10)',
  fixedBy: 'reverted in 6b73a9606, then c126d94f2c90',
  breaks: 'logged-or-protected',
  machines: {
    vcpu: vcpuFastPageFaultHuge.use(cmpxchgHugeSpte).extend({
      states: {
        host: {
          states: {
            walkShadowPage: {
              on: {
                STEP: [
                  { guard: 'spteIsWritable', actions: 'resetGfn', target: 'enterGuest' },
                  { guard: 'spteIsHuge', target: 'cmpxchgHugeSpte', meta: { coarse: tableStays } },
                  { target: 'cmpxchgSpte', meta: { coarse: tableStays } },
                ],
              },
            },
            cmpxchgHugeSpte: {
              on: step(
                'cmpxchgHugeSpteWritable',
                'markAfterwards',
                'a huge spte is one spte, told as the bits of its pages',
              ),
            },
          },
        },
      },
    }),
  },
});

const hugePageUnprotected = defineMutant(manualClearEagerSplit, 'huge-page-unprotected', {
  bug: 'a huge page that was not split stays writable: CLEAR_DIRTY_LOG protects small sptes only (M22)',
  breaks: 'protected-after-clear',
  machines: {
    getDirtyLog: eagerSplit.extend({
      states: { protectHugePage: { on: step('nextPage', 'splitHugePages') } },
    }),
  },
});

const childrenWritable = defineMutant(manualClearEagerSplit, 'children-writable', {
  bug: 'the split of a huge page makes all children writable, and does not give them its permissions (M22)',
  breaks: 'logged-or-protected',
  machines: {
    getDirtyLog: eagerSplit.use(splitWritable).extend({
      states: {
        linkTable: {
          on: {
            STEP: [
              {
                guard: 'spteIsHuge',
                actions: 'splitIntoWritable',
                target: 'splitHugePages',
                meta: { coarse: linkIsOneStep },
              },
              { target: 'splitHugePages' },
            ],
          },
        },
      },
    }),
  },
});

const returnAtBreak = defineMutant(manualClearEagerSplit, 'return-at-break', {
  bug: 'CLEAR_DIRTY_LOG returns where it releases mmu_lock to allocate a page table: bits are clear, pages still writable (M23)',
  breaks: 'protected-after-clear',
  machines: {
    getDirtyLog: eagerSplit.extend({
      states: {
        allocateTable: { on: step(['resetMask', 'resetWalk'], 'returnFromClear') },
      },
    }),
  },
});

/** Bugs put back into designs over huge pages of two small ones. */
export const hugePageMutants = [fastFaultOnHugePage, hugePageUnprotected, childrenWritable, returnAtBreak];
