import { defineMutant } from '../../src/model/design.ts';
import { lateFlushTracked, rmapXchgFastPageFaultTracked, rmapXchgIndirect, rmapXchgTracked } from '../designs.ts';
import { lockBreakLateFlush } from '../get-dirty-log/lock-break.ts';
import { rmapXchgLateFlush } from '../get-dirty-log/rmap-xchg.ts';
import { vcpuWithFastPageFault } from '../vcpu/fast-page-fault.ts';
import { vcpuFastPageFaultWithTracking } from '../vcpu/write-tracking.ts';
import { exitIsOneStep } from '../vcpu.ts';
import { oneSpte, writeTrackingByMmuWritable } from '../write-tracking.ts';

const flushAfterUnlock = defineMutant(rmapXchgTracked, 'flush-after-unlock', {
  bug: 'GET_DIRTY_LOG flushes after mmu_lock: the shadow MMU finds W clear before that, and does not flush (M2)',
  fixedBy: '6dbf79e7164e',
  breaks: 'tracked-page-faults',
  params: { pages: 1 },
  machines: { getDirtyLog: rmapXchgLateFlush },
});

const flushByWritable = defineMutant(lateFlushTracked, 'flush-by-writable', {
  bug: 'the shadow MMU flushes if W was set, and GET_DIRTY_LOG has cleared W and lets go of mmu_lock unflushed (M8)',
  fixedBy: '198c74f43f0f',
  breaks: 'tracked-page-faults',
  params: { pages: 1 },
  machines: {
    shadowMmu: writeTrackingByMmuWritable.extend({
      states: {
        writeProtect: {
          on: {
            STEP: {
              actions: ['noteIfWritable', 'clearMmuWritable', 'clearWritable'],
              target: 'decideOnFlush',
              meta: { coarse: oneSpte },
            },
          },
        },
      },
    }),
  },
});

const skipWithoutWritable = defineMutant(rmapXchgFastPageFaultTracked, 'skip-without-writable', {
  bug: 'the shadow MMU leaves an spte alone that has W clear, and MMU-writable lets the lockless path set W again (M13)',
  fixedBy: 'a447d7f786ec in a stable tree, January 2022',
  breaks: 'tracked-page-faults',
  params: { pages: 1 },
  machines: {
    shadowMmu: writeTrackingByMmuWritable.extend({
      states: {
        writeProtect: {
          on: { STEP: [{ guard: 'spteIsReadOnly', target: 'decideOnFlush' }, { target: 'protectWritable' }] },
        },
        protectWritable: {
          tags: ['holdsMmuLock'],
          on: {
            STEP: {
              actions: ['noteIfMmuWritable', 'clearMmuWritable', 'clearWritable'],
              target: 'decideOnFlush',
              meta: { coarse: oneSpte },
            },
          },
        },
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
            cmpxchgSpte: { on: { STEP: { actions: 'cmpxchgSpteWritable', target: 'readMemslotsAfterwards' } } },
          },
        },
      },
    }),
  },
});

const breakWithoutProgress = defineMutant(lateFlushTracked, 'break-without-progress', {
  bug: 'GET_DIRTY_LOG may let mmu_lock go again at once, with no word done: faults on a tracked page never run out',
  breaks: 'ioctl-returns',
  params: { pages: 1 },
  machines: {
    getDirtyLog: lockBreakLateFlush.extend({ states: { relockMmu: { on: { LOCK_GRANTED: 'loadWord' } } } }),
  },
});

const fastFaultOnIndirectPage = defineMutant(rmapXchgIndirect, 'fast-fault-on-indirect-page', {
  bug: 'the lockless path mends an indirect spte, which is what it was and maps another page: it marks the old one (M11)',
  breaks: 'no-lost-write',
  machines: {
    vcpu: vcpuWithFastPageFault.extend({
      states: {
        inGuest: {
          on: {
            WRITE: [
              { guard: 'tlbAllowsWrite', actions: 'writePage' },
              { guard: 'spteAllowsWrite', actions: 'fillTlb' },
              {
                guard: 'gpteMapsPage',
                actions: ['exitForPage', 'leaveGuestMode'],
                target: 'host.walkShadowPage',
                meta: { coarse: exitIsOneStep },
              },
            ],
          },
        },
        host: {
          states: {
            walkShadowPage: {
              on: {
                STEP: [
                  { guard: 'spteMapsPage', target: 'cmpxchgSpte' },
                  { actions: 'forgetPage', target: 'enterGuest' },
                ],
                FIX_SLOWLY: [],
              },
            },
            cmpxchgSpte: {
              on: {
                STEP: {
                  actions: 'cmpxchgIndirectSpte',
                  target: 'readMemslotsAfterwards',
                  meta: { coarse: oneSpte },
                },
              },
            },
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
