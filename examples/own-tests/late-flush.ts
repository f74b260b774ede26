import { defineDesign, defineMutant } from 'precopy';
import { flushRemoteTlbs, getDirtyLogByRmapXchg, rmapXchg } from 'precopy/kvm';

/**
 * GET_DIRTY_LOG that releases `mmu_lock` before it flushes TLBs, as Linux does from 3.16 on: nobody waits for the lock
 * while IPIs travel.
 */
const getDirtyLog = getDirtyLogByRmapXchg.extend({
  states: {
    loadWord: {
      always: [
        { guard: 'scannedAllCleanWords', actions: ['resetWord', 'releaseMmuLock'], target: 'copyToUser' },
        { guard: 'scannedAllWords', actions: ['resetWord', 'releaseMmuLock'], target: 'flushTlbs' },
      ],
    },
    flushTlbs: flushRemoteTlbs(['inIoctl'], { target: '#get-dirty-log.copyToUser' }),
  },
});

export const lateFlush = defineDesign({
  ...rmapXchg,
  id: 'late-flush',
  title: 'rmap-xchg that flushes after the unlock',
  source: { version: 'Linux 3.16' },
  machines: { ...rmapXchg.machines, getDirtyLog },
});

/** The same, and the flush is forgotten. */
export const noFlush = defineMutant(lateFlush, 'no-flush', {
  bug: 'GET_DIRTY_LOG returns without a TLB flush',
  breaks: 'protected-on-return',
  machines: {
    getDirtyLog: getDirtyLog.extend({
      states: {
        loadWord: {
          always: { guard: 'scannedAllWords', actions: ['resetWord', 'releaseMmuLock'], target: 'copyToUser' },
        },
      },
    }),
  },
});

export const designs = [lateFlush, noFlush];
