import { collectorCovers, foundUnflushed } from '../../properties/collector-covers.ts';
import { getBreaks } from '../../properties/covers.ts';
import { forTwoCollectors } from '../../properties/two-collectors.ts';
import { defineDesign } from '../../src/model/define-design.ts';
import { lockBreakLateFlush as getDirtyLogWithLateFlush } from '../get-dirty-log/lock-break.ts';
import { unlockedFlush as getDirtyLogByUnlockedFlush } from '../get-dirty-log/unlocked-flush.ts';
import { display } from '../second-collector/display.ts';
import { calledByTwo } from '../second-collector/get-dirty-log.ts';
import { migrationBesideDisplay } from '../second-collector/migration.ts';
import { bql, kvmWithSecondCollector } from '../second-collector/system.ts';
import { withoutStart } from './common.ts';
import { lockBreakLateFlush } from './lock-break.ts';

const ofTwo = forTwoCollectors(withoutStart);

/** lock-break-late-flush where a display refresh takes the log as well. */
export const lateFlushTwoCollectors = defineDesign({
  ...lockBreakLateFlush,
  id: 'late-flush-two-collectors',
  title: 'lock-break-late-flush with two threads that take the log, one of them for a display refresh',
  system: kvmWithSecondCollector,
  machines: {
    ...lockBreakLateFlush.machines,
    getDirtyLog: calledByTwo(getDirtyLogWithLateFlush),
    migration: migrationBesideDisplay,
    display,
    bql,
  },
  properties: [...ofTwo, ...collectorCovers, getBreaks],
  minParams: { dirtyMemory: 1 },
  params: { vcpus: 1, bitsPerWord: 1, emulatingVcpus: 0, dirtyMemory: 1, loggingOn: 1 },
  livenessParams: { vcpus: 2, pages: 1 },
});

/** Two threads that take the log, with a flush that comes after both locks. */
export const unlockedFlush = defineDesign({
  ...lateFlushTwoCollectors,
  id: 'unlocked-flush',
  title: 'two threads that take the log; the flush comes after slots_lock, by what each has taken itself',
  source: { version: 'the order of Linux 7.2', functions: ['kvm_vm_ioctl_reset_dirty_pages', 'kvm_flush_remote_tlbs'] },
  machines: { ...lateFlushTwoCollectors.machines, getDirtyLog: calledByTwo(getDirtyLogByUnlockedFlush) },
  properties: [...ofTwo.filter(({ id }) => id !== 'ipi-is-taken'), ...collectorCovers, foundUnflushed],
  params: { vcpus: 1, pages: 1, dirtyMemory: 1, loggingOn: 1 },
  safetyParams: { vcpus: 2 },
  livenessParams: { vcpus: 2, emulatingVcpus: 0 },
});
