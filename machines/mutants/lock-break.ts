import { defineMutant } from '../../src/model/define-design.ts';
import { lockBreak, lockBreakLateFlush, rmapHybrid, rmapXchgLateFlush } from '../designs/index.ts';
import { lockBreak as getDirtyLog, lockBreakLateFlush as getDirtyLogLateFlush } from '../get-dirty-log/lock-break.ts';
import { rmapHybrid as getDirtyLogByRmapHybrid } from '../get-dirty-log/rmap-hybrid.ts';
import { rmapXchgLateFlush as getDirtyLogByRmapXchgLateFlush } from '../get-dirty-log/rmap-xchg.ts';
import { flushRemoteTlbs } from '../ioctl/tlb-flush.ts';
import { step } from '../step.ts';
import { noFlushAfterScan, flushNotAwaited as notAwaited } from './flush.ts';

const noFinalFlush = defineMutant(lockBreak, 'no-final-flush', {
  bug: 'TLBs are flushed at the breaks, and not after the last word',
  breaks: 'protected-on-return',
  machines: {
    getDirtyLog: getDirtyLog.extend({ states: noFlushAfterScan }),
  },
});

const flushForgottenAtBreak = defineMutant(lockBreak, 'flush-forgotten-at-break', {
  bug: 'the break forgets that a flush is pending, as if it had flushed',
  breaks: 'protected-on-return',
  machines: {
    getDirtyLog: getDirtyLog.extend({
      states: {
        loadWord: {
          on: {
            BREAK: { actions: ['resetFlush', 'releaseMmuLock'], target: 'relockMmu' },
          },
        },
      },
    }),
  },
});

const noRelock = defineMutant(lockBreak, 'no-relock', {
  bug: 'after a break the scan goes on without mmu_lock',
  breaks: 'mutual-exclusion',
  machines: {
    getDirtyLog: getDirtyLog.extend({
      states: {
        relockMmu: { entry: [], always: 'loadWordAfterBreak' },
      },
    }),
  },
});

const flushNotAwaited = defineMutant(lockBreakLateFlush, 'flush-not-awaited', {
  bug: 'the late flush is posted to the vCPUs, and the ioctl returns before they have taken it',
  breaks: 'protected-on-return',
  machines: {
    getDirtyLog: getDirtyLogLateFlush.extend({
      states: { flushTlbs: notAwaited({ target: '#get-dirty-log.copyToUser' }) },
    }),
  },
});

const flushBeforeScan = defineMutant(rmapXchgLateFlush, 'flush-before-scan', {
  bug: 'the flush moves out of mmu_lock to the other side: before the scan, so that nothing flushes what the scan protects',
  breaks: 'protected-on-return',
  machines: {
    getDirtyLog: getDirtyLogByRmapXchgLateFlush.extend({
      states: {
        lockSlots: { on: { SLOTS_LOCKED: 'flushTlbs' } },
        flushTlbs: flushRemoteTlbs(['inIoctl'], { target: '#get-dirty-log.lockMmu' }),
        ...noFlushAfterScan,
      },
    }),
  },
});

const countResetLate = defineMutant(rmapHybrid, 'count-reset-late', {
  bug: 'nr_dirty_pages of the new memslots is reset after the switch, when vCPUs count in it already (M4)',
  breaks: 'snapshot-is-complete',
  params: { emulatingVcpus: 0 },
  machines: {
    getDirtyLog: getDirtyLogByRmapHybrid.extend({
      states: {
        zeroNewBitmap: { on: step('zeroNewBitmap', 'publishMemslots') },
        publishMemslots: { on: step('publishMemslots', 'zeroNewCount') },
        zeroNewCount: { on: step('zeroNewCount', 'synchronizeSrcu') },
      },
    }),
  },
});

/** Bugs put back into `lock-break`, in both forms, and into the other design that flushes late. */
export const lockBreakMutants = [noFinalFlush, flushForgottenAtBreak, noRelock, flushNotAwaited, flushBeforeScan];

/** Bugs put back into `rmap-hybrid`. */
export const rmapHybridMutants = [countResetLate];
