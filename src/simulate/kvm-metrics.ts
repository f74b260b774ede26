import type { MetricDefinitions } from '../clock/metrics.ts';
import type { SchedulingDefinitions } from '../clock/os-threads.ts';

/** Metrics of KVM and QEMU, by the names of messages and actions in the machines. */
export const kvmMetrics = {
  lock: {
    name: 'mmu_lock',
    requests: ['LOCK', 'LOCK_SHARED'],
    grant: 'LOCK_GRANTED',
    releases: ['UNLOCK', 'UNLOCK_SHARED'],
  },
  calls: [
    { call: 'GET_DIRTY_LOG', return: 'DIRTY_LOG' },
    { call: 'CLEAR_DIRTY_LOG', return: 'CLEARED' },
  ],
  // The guest resumes on the destination.
  end: 'RESUME',
  counts: {
    faults: ['exitForPage'],
    protections: [
      'writeProtectPage',
      'protectSpteOfTable',
      'protectRootEntry',
      'dropWritableSpte',
      'clearDirtySpte',
      'testAndClearDirtySpte',
    ],
    flushes: ['flushTlb'],
  },
} as const satisfies MetricDefinitions;

/** Indices of the calls in `kvmMetrics`. */
export const kvmCalls = { getDirtyLog: 0, clearDirtyLog: 1 } as const;

/**
 * How KVM's threads are scheduled: a queued spinlock and a TLB flush are busy-waited for; a vCPU exits on preemption.
 */
export const kvmScheduling: SchedulingDefinitions = {
  spins: ['LOCK_GRANTED', 'IPI_ACK'],
  interrupts: ['IPI', 'KICK'],
  preempt: 'PREEMPT',
};
