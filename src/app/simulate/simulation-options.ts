/** Options of simulation runs. Times are in seconds, sizes in bytes. */
export interface ExperimentOptions {
  /** guest memory */
  readonly memory: number;
  readonly vcpus: number;
  /** further parameters of a design, by name */
  readonly params?: Readonly<Record<string, number>>;
  /** a workload as `parseWorkload` reads it: `zipf:0.99`, `uniform@5s, sweep` */
  readonly workload: string;
  /** pages that each vCPU writes per second; infinite for a vCPU that never waits */
  readonly rate: number;
  /** name or file of a cost profile */
  readonly profile: string;
  /** changes of single costs: `writeProtectPage=+100ns` */
  readonly cost?: readonly string[];
  /** interval at which the dirty log is read; a migration runs where it is absent */
  readonly collectEvery?: number;
  /** simulated time after which a run ends: 10 s by default, 10 min for a migration */
  readonly duration?: number;
  /** simulated time that is not measured; 0 by default */
  readonly warmUp?: number;
  readonly seed: number;
  /** processors that threads share; each thread has its own by default */
  readonly pcpus?: number;
  /** time slice of a thread while others are runnable */
  readonly slice: number;
  /** allows preemption of a thread that holds mmu_lock */
  readonly preemptLocks?: boolean;
}

/** Options of `simulate`. Times are in seconds, sizes in bytes, rates per second. */
export interface SimulateOptions extends ExperimentOptions {
  /** of the link; 1.25 GB/s by default */
  readonly bandwidth?: number;
  /** QEMU's max-bandwidth; unlimited by default */
  readonly maxBandwidth?: number;
  /** QEMU's avail-switchover-bandwidth; the measured bandwidth by default */
  readonly availSwitchoverBandwidth?: number;
  /** 0.3 s by default */
  readonly downtimeLimit?: number;
  readonly autoConverge?: boolean;
  /** share of the pages that are zero at the start, from 0 to 1; 0 by default */
  readonly zeroPages?: number;
  /** dimensions of a sweep: `memory=1GiB,4GiB` */
  readonly sweep?: readonly string[];
  /** runs of each design; 1 by default */
  readonly runs?: number;
  /** threads; 1 by default */
  readonly workers?: number;
  /** wall-clock limit */
  readonly time?: number;
  /** thresholds: `vcpuWrite.p999 < 1ms` */
  readonly expect?: readonly string[];
  /** whether lock timelines are recorded */
  readonly timelines?: boolean;
  /** file of the Perfetto trace of the one run */
  readonly perfetto?: string;
  /** simulated time at which the trace starts; 0 by default */
  readonly perfettoFrom?: number;
}
