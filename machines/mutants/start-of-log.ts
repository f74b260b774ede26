import { defineMutant } from '../../src/model/define-design.ts';
import { manualClearTdp, pml, rmapXchg } from '../designs/index.ts';
import { kick } from '../ioctl/tlb-flush.ts';
import { setMemoryRegion, setMemoryRegionLateFlush, setMemoryRegionPml } from '../set-memory-region.ts';
import { step } from '../step.ts';

const noGracePeriod = defineMutant(manualClearTdp, 'start-without-grace-period', {
  bug: 'the log is switched on without synchronize_srcu: a fault that found a slot without a bitmap installs its spte after the protection (M20)',
  breaks: 'logged-or-protected',
  machines: {
    setMemoryRegion: setMemoryRegionLateFlush.extend({
      states: { publishMemslots: { on: step('publishLoggingMemslots', 'lockMmu') } },
    }),
  },
});

const protectBeforeLog = defineMutant(rmapXchg, 'protect-before-log', {
  bug: 'switching the log on protects all pages first, and publishes the bitmap afterwards',
  breaks: 'logged-or-protected',
  machines: {
    setMemoryRegion: setMemoryRegion.extend({
      states: {
        lockSlots: { on: { SLOTS_LOCKED: 'lockMmu' } },
        flushTlbs: {
          states: {
            awaitAcks: {
              always: {
                guard: 'noAcksAwaited',
                actions: 'releaseMmuLock',
                target: '#set-memory-region.publishMemslots',
              },
            },
          },
        },
        synchronizeSrcu: {
          on: {
            GRACE_PERIOD_OVER: { actions: ['releaseSlotsLock', 'returnFromSetting'], target: 'inUserspace' },
          },
        },
      },
    }),
  },
});

const noFlushAtStart = defineMutant(rmapXchg, 'no-flush-at-start', {
  bug: 'switching the log on protects all pages and does not flush TLBs, which have entries from before',
  breaks: 'logged-or-protected',
  machines: {
    setMemoryRegion: setMemoryRegion.extend({
      states: {
        protectSlot: {
          always: {
            guard: 'walkedAllPages',
            actions: ['resetWalk', 'releaseMmuLock', 'releaseSlotsLock', 'returnFromSetting'],
            target: 'inUserspace',
          },
        },
      },
    }),
  },
});

const logNotAwaited = defineMutant(pml, 'log-not-awaited', {
  bug: 'vCPUs are asked to switch their logs on, without waiting for them: one of them sets D bits without a log after they were cleared (M18)',
  fixedBy: 'a85863c2ec55 waits for them',
  breaks: 'logged-or-protected',
  params: { loggingOn: 0 },
  machines: {
    setMemoryRegion: setMemoryRegionPml.use(kick).extend({
      states: {
        enablePml: {
          states: {
            awaitAcks: {
              entry: 'kickVcpus',
              always: { actions: 'resetCpus', target: '#set-memory-region.lockMmu' },
            },
          },
        },
      },
    }),
  },
});

/** Bugs put back into the start of a run, where the log is switched on while the guest writes. */
export const startOfLogMutants = [noGracePeriod, protectBeforeLog, noFlushAtStart, logNotAwaited];
