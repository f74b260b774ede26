import { collectorCovers, foundUnflushed } from '../../properties/collector-covers.ts';
import { getBreaks } from '../../properties/covers.ts';
import { defineDesign } from '../../src/model/define-design.ts';
import { display } from '../display.ts';
import { unlockedFlush as getDirtyLogByUnlockedFlush } from '../get-dirty-log/unlocked-flush.ts';
import { bql } from '../locks.ts';
import { migrationBesideDisplay } from '../migration.ts';
import { withoutStart } from './common.ts';
import { lockBreakLateFlush } from './lock-break.ts';

/** lock-break-late-flush where a display refresh takes the log as well. */
export const lateFlushTwoCollectors = defineDesign({
  ...lockBreakLateFlush,
  id: 'late-flush-two-collectors',
  title: 'lock-break-late-flush with two threads that take the log, one of them for a display refresh',
  machines: { ...lockBreakLateFlush.machines, migration: migrationBesideDisplay, display, bql },
  properties: [...withoutStart, ...collectorCovers, getBreaks],
  minParams: { collectors: 2 },
  params: { vcpus: 1, bitsPerWord: 1, emulatingVcpus: 0, collectors: 2, loggingOn: 1 },
  livenessParams: { pages: 1 },
});

/** Two threads that take the log, with a flush that comes after both locks. */
export const unlockedFlush = defineDesign({
  ...lateFlushTwoCollectors,
  id: 'unlocked-flush',
  title: 'two threads that take the log; the flush comes after slots_lock, by what each has taken itself',
  source: { version: 'the order of Linux 7.2', functions: ['kvm_vm_ioctl_reset_dirty_pages', 'kvm_flush_remote_tlbs'] },
  machines: { ...lateFlushTwoCollectors.machines, getDirtyLog: getDirtyLogByUnlockedFlush },
  properties: [...withoutStart.filter(({ id }) => id !== 'ipi-is-taken'), ...collectorCovers, foundUnflushed],
  params: { vcpus: 1, pages: 1, collectors: 2, loggingOn: 1 },
  safetyParams: { vcpus: 2 },
  livenessParams: { emulatingVcpus: 0 },
});
