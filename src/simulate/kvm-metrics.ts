/**
 * What is measured, by the names that messages and actions have in the machines. A design that has none of them yields no times of that
 * kind.
 */
export interface MetricDefinitions {
  readonly lock: {
    readonly name: string;
    readonly requests: readonly string[];
    readonly grant: string;
    readonly releases: readonly string[];
  };
  readonly calls: readonly {
    readonly name: 'getDirtyLogNs' | 'clearDirtyLogNs';
    readonly call: string;
    readonly return: string;
  }[];
  /** the action with which a write of the guest gets through, and the one with which its TLB takes a translation */
  readonly write: string;
  readonly fill: string;
  /** the message with which a migration ends */
  readonly end: string;
  /** the messages that a thread spins for, those that a processor takes whoever runs on it, and the event with which a vCPU loses its processor */
  readonly processors: {
    readonly spins: readonly string[];
    readonly interrupts: readonly string[];
    readonly preempt: string;
  };
  /** what is counted, by the actions that do it */
  readonly counts: Readonly<Record<'faults' | 'protections' | 'flushes', readonly string[]>>;
}

export const kvmMetrics: MetricDefinitions = {
  lock: {
    name: 'mmu_lock',
    requests: ['LOCK', 'LOCK_SHARED'],
    grant: 'LOCK_GRANTED',
    releases: ['UNLOCK', 'UNLOCK_SHARED'],
  },
  calls: [
    { name: 'getDirtyLogNs', call: 'GET_DIRTY_LOG', return: 'DIRTY_LOG' },
    { name: 'clearDirtyLogNs', call: 'CLEAR_DIRTY_LOG', return: 'CLEARED' },
  ],
  write: 'writePage',
  fill: 'fillTlb',
  end: 'RESUME',
  processors: { spins: ['LOCK_GRANTED', 'IPI_ACK'], interrupts: ['IPI', 'KICK'], preempt: 'PREEMPT' },
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
};
