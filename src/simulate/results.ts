/** Times of one kind in nanoseconds. All are 0 where `count` is 0. Quantiles are within 0.1 % of the true value, `mean` and `max` exact. */
export interface Distribution {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** A distribution with the points of its CDF: so many of all times (0 to 1) were at most so long. */
export interface CdfPoint {
  readonly ns: number;
  readonly fraction: number;
}

/** A mean over runs with its 95 % confidence interval; low and high are the mean where there was one run only. */
export interface Estimate {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

/** One call of GET_DIRTY_LOG, and what QEMU had to send after it. Times are simulated, since the start of the run. */
export interface Round {
  readonly run: number;
  /** when the call was made */
  readonly atNs: number;
  /** from the call to its return */
  readonly getNs: number;
  /** pages in the log */
  readonly loggedPages: number;
  /** pages to send right after the log was merged */
  readonly dirtyPages: number;
  /** pages of the log that were not to be sent already */
  readonly newPages: number;
  /** pages sent since the round before */
  readonly sentPages: number;
  /** the throttle of auto-converge from here on, in percent */
  readonly throttlePercent: number;
}

/** The distributions that a run yields. */
export type DistributionName = 'vcpuWriteNs' | 'mmuLockHoldNs' | 'mmuLockWaitNs' | 'getDirtyLogNs' | 'clearDirtyLogNs';

/** Why a run ended before its time. Its figures are partial. */
export type EndedEarly = 'time' | 'interrupt' | 'duration' | 'violated' | 'deadlock';

/** What a run counted. Rates and times of several runs are means, counts of them sums. */
export interface Counts {
  readonly vcpuWrites: number;
  /** per second of simulated time, all vCPUs together */
  readonly vcpuWritesPerSecond: number;
  /** VM exits for a write */
  readonly faults: number;
  /** sptes write-protected, or D bits cleared */
  readonly protections: number;
  /** TLBs flushed, one count a vCPU */
  readonly flushes: number;
  /** how often a thread lost its processor to another one, since the start of the run; 0 where each has one of its own */
  readonly preemptions: number;
  /** how often it held mmu_lock then */
  readonly holderPreemptions: number;
  /** calls of GET_DIRTY_LOG */
  readonly rounds: number;
  readonly pagesSent: number;
  readonly bytesSent: number;
  /** of the migration, from its start to the resume of the destination; of a run without one, its simulated time */
  readonly totalNs: number;
  /** from the decision to stop the guest to the resume of the destination; 0 without a migration that came to its end */
  readonly downtimeNs: number;
  readonly simulatedNs: number;
  readonly steps: number;
}

/** A property that did not hold at a sampled moment. */
export interface TimedViolation {
  readonly property: string;
  readonly atNs: number;
  readonly run: number;
  readonly detail?: string;
}

/** The figures of one design over all its runs: one entry of `simulate --json`. */
export interface DesignFigures extends Counts, Readonly<Record<DistributionName, Distribution>> {
  readonly design: string;
  readonly title: string;
  /** sizes of the model: `vcpus`, `pages` and so on */
  readonly params: Readonly<Record<string, number>>;
  readonly memoryBytes: number;
  readonly runs: number;
  /** of mmu_lock, by the name of the actor that held it or waited */
  readonly mmuLockByActor: Readonly<Record<string, { readonly holdNs: Distribution; readonly waitNs: Distribution }>>;
  /** null where there was no migration */
  readonly converged: boolean | null;
  /** why the migration converged or did not, in one sentence */
  readonly convergence: string;
  /** 95 % confidence intervals over runs, by figure: `vcpuWriteNs.p99`, `downtimeNs` */
  readonly confidence: Readonly<Record<string, Estimate>>;
  readonly history: readonly Round[];
  readonly cdf: Readonly<Record<DistributionName, readonly CdfPoint[]>>;
  /** present where some run ended before its time */
  readonly endedEarly?: EndedEarly;
  /** how many properties were looked at, how often */
  readonly safety: { readonly properties: readonly string[]; readonly checks: number };
  readonly violation?: TimedViolation;
  /** of real time, for all runs of the design */
  readonly wallSeconds: number;
}
