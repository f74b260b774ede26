import { defineMutant } from '../../src/model/define-design.ts';
import { lateFlushTwoCollectors, unlockedFlush } from '../designs/index.ts';
import { lockBreakLateFlush } from '../get-dirty-log/lock-break.ts';
import type { rmapXchg } from '../get-dirty-log/rmap-xchg.ts';
import { unlockedFlush as getDirtyLog } from '../get-dirty-log/unlocked-flush.ts';
import { ioctl } from '../ioctl/ioctl.ts';
import { display } from '../second-collector/display.ts';
import { calledByTwo } from '../second-collector/get-dirty-log.ts';
import { step } from '../step.ts';

const noSlotsLock = defineMutant(lateFlushTwoCollectors, 'no-slots-lock', {
  bug: 'GET_DIRTY_LOG does not take slots_lock: two calls use the one snapshot buffer of the slot',
  breaks: 'no-lost-write',
  params: { pages: 1 },
  races: { 'ioctl.snapshot': 'slots_lock, which it leaves out, gives the buffer one owner at a time' },
  machines: {
    getDirtyLog: calledByTwo(
      lockBreakLateFlush.extend({
        states: {
          lockSlots: { entry: [], always: 'lockMmu' },
          copyToUser: { on: step(['copyToUser', 'returnToUser'], 'inUserspace') },
        },
      }),
    ),
  },
});

const mergeWithoutBql = defineMutant(lateFlushTwoCollectors, 'merge-without-bql', {
  bug: 'the display refresh releases the BQL before it merges its log into the bitmap of migration',
  breaks: 'final-image',
  params: { pages: 1 },
  machines: {
    display: display.extend({
      states: {
        syncing: { on: { DIRTY_LOG: { actions: ['noteReported', 'releaseBql'], target: 'merging' } } },
        merging: { always: { guard: 'mergedAllWords', actions: 'forgetRefresh', target: 'waiting' } },
      },
    }),
  },
});

const spteChange = ioctl.implement({
  actions: {
    flushIfSpteChanges: ({ context: { kvm, my, params } }) => {
      my.flush ||= kvm.spteWritable.has(my.word * params.bitsPerWord + my.mask.first());
    },
  },
});

/** Returns the machine with a flush that is decided by changes of sptes; stated for a bitmap of one word. */
export const flushBySpteChanged = (getDirtyLog: typeof rmapXchg): typeof rmapXchg =>
  getDirtyLog.use(spteChange).extend({
    states: {
      xchgWord: { on: step(['xchgDirtyWord', 'resetFlush'], 'writeProtect') },
      writeProtect: {
        on: {
          STEP: {
            actions: ['flushIfSpteChanges', 'writeProtectPage'],
            meta: { coarse: 'the store is an xchg of the spte, which tells what it was' },
          },
        },
      },
    },
  });

const flushIfSpteChanged = defineMutant(unlockedFlush, 'flush-by-spte-changed', {
  bug: 'GET_DIRTY_LOG flushes if it has changed an spte, not if it has taken a bit: another has changed it, and not flushed (M24)',
  fixedBy: 'the rule that arch/x86/kvm/mmu/spte.h of Linux 7.2 states',
  breaks: 'protected-on-return',
  machines: { getDirtyLog: calledByTwo(flushBySpteChanged(getDirtyLog)) },
});

/** Bugs of two threads that take the log of one slot. */
export const collectorMutants = [noSlotsLock, mergeWithoutBql, flushIfSpteChanged];
