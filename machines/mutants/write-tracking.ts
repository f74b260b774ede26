import { defineMutant } from '../../src/model/define-design.ts';
import { lateFlushTracked, rmapXchgFastPageFaultTracked, rmapXchgIndirect, rmapXchgTracked } from '../designs/index.ts';
import { lockBreakLateFlush } from '../get-dirty-log/lock-break.ts';
import { rmapXchgLateFlush } from '../get-dirty-log/rmap-xchg.ts';
import { ioctl } from '../ioctl/ioctl.ts';
import { step } from '../step.ts';
import { vcpuWithFastPageFault } from '../vcpu/fast-page-fault.ts';
import { indirectSpte, indirectWriteFault } from '../vcpu/indirect.ts';
import { kvmThread } from '../vcpu/kvm-thread.ts';
import { vcpuFastPageFaultWithTracking } from '../vcpu/write-tracking.ts';
import { oneSpte, protectMmuWritable, writeTrackingByMmuWritable } from '../write-tracking.ts';

const flushAfterUnlock = defineMutant(rmapXchgTracked, 'flush-after-unlock', {
  bug: 'GET_DIRTY_LOG flushes after mmu_lock: the shadow MMU finds W clear before that, and does not flush (M2)',
  fixedBy: '6dbf79e7164e',
  breaks: 'tracked-page-faults',
  params: { pages: 1 },
  machines: { getDirtyLog: rmapXchgLateFlush },
});

const flushByWritable = defineMutant(lateFlushTracked, 'flush-by-writable', {
  bug: 'the shadow MMU flushes if W was set, and GET_DIRTY_LOG has cleared W and releases mmu_lock unflushed (M8)',
  fixedBy: '198c74f43f0f',
  breaks: 'tracked-page-faults',
  params: { pages: 1 },
  machines: {
    shadowMmu: writeTrackingByMmuWritable.extend({
      states: {
        writeProtect: {
          on: step(['flushIfWritable', 'clearMmuWritable', 'clearWritable'], 'decideOnFlush', oneSpte),
        },
      },
    }),
  },
});

const writableLook = ioctl.implement({
  guards: { spteIsReadOnly: ({ context: { kvm, my } }) => !kvm.spteWritable.has(my.gfn) },
});

const skipWithoutWritable = defineMutant(rmapXchgFastPageFaultTracked, 'skip-without-writable', {
  bug: 'the shadow MMU leaves an spte alone that has W clear, and MMU-writable lets the lockless path set W again (M13)',
  fixedBy: 'a447d7f786ec in a stable tree, January 2022',
  breaks: 'tracked-page-faults',
  params: { pages: 1 },
  machines: {
    shadowMmu: writeTrackingByMmuWritable.use(writableLook).extend({
      states: {
        writeProtect: {
          on: { STEP: [{ guard: 'spteIsReadOnly', target: 'decideOnFlush' }, { target: 'protectWritable' }] },
        },
        protectWritable: { tags: ['holdsMmuLock'], on: protectMmuWritable },
      },
    }),
  },
});

const cmpxchgOfWritable = defineMutant(rmapXchgFastPageFaultTracked, 'cmpxchg-of-one-bit', {
  bug: 'the lockless path sets W in whatever the spte is by then, where its cmpxchg compares all of what it has read',
  breaks: 'tracked-page-faults',
  params: { pages: 1 },
  machines: {
    vcpu: vcpuFastPageFaultWithTracking.extend({
      states: {
        host: {
          states: {
            cmpxchgSpte: { on: step('cmpxchgSpteWritable', 'readMemslotsAfterwards') },
          },
        },
      },
    }),
  },
});

const breakWithoutProgress = defineMutant(lateFlushTracked, 'break-without-progress', {
  bug: 'GET_DIRTY_LOG may release mmu_lock again at once, with no word done: faults on a tracked page never run out',
  breaks: 'ioctl-returns',
  params: { pages: 1 },
  machines: {
    getDirtyLog: lockBreakLateFlush.extend({ states: { relockMmu: { on: { LOCK_GRANTED: 'loadWord' } } } }),
  },
});

const cmpxchgIndirect = kvmThread.implement({
  actions: {
    cmpxchgIndirectSpte: ({ context: { kvm, my, params } }) => {
      const gfn = kvm.indirectGfn.get();
      my.outcome = gfn < params.pages && !kvm.spteWritable.testAndSet(gfn);
    },
  },
  ghost: {
    cmpxchgIndirectSpte: ({ context: { my, me, ghost } }) => {
      if (my.outcome) ghost.unmarked(me).set(my.gfn);
    },
  },
});

const fastFaultOnIndirectPage = defineMutant(rmapXchgIndirect, 'fast-fault-on-indirect-page', {
  bug: 'the lockless path fixes an indirect spte, which is what it was and maps another page: it marks the old one (M11)',
  breaks: 'no-lost-write',
  machines: {
    vcpu: vcpuWithFastPageFault.use(indirectSpte, cmpxchgIndirect).extend({
      states: {
        inGuest: {
          on: {
            WRITE: indirectWriteFault('host.walkShadowPage'),
          },
        },
        host: {
          states: {
            walkShadowPage: {
              on: {
                STEP: [
                  { guard: 'spteMapsPage', target: 'cmpxchgSpte' },
                  { actions: 'resetGfn', target: 'enterGuest' },
                ],
                FIX_SLOWLY: [],
              },
            },
            cmpxchgSpte: { on: step('cmpxchgIndirectSpte', 'readMemslotsAfterwards', oneSpte) },
          },
        },
      },
    }),
  },
});

/** Bugs of the log and of the shadow MMU, which protect the same sptes. */
export const writeTrackingMutants = [
  flushAfterUnlock,
  flushByWritable,
  skipWithoutWritable,
  cmpxchgOfWritable,
  breakWithoutProgress,
  fastFaultOnIndirectPage,
];
