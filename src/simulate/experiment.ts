import type { ProcessorSettings } from '../clock/cpu-scheduler.ts';
import type { AnyDesign } from '../model/design.ts';
import type { Profile } from './cost-profile.ts';
import type { MigrationSettings } from './migration-policy.ts';
import type { Workload } from './workload.ts';

/**
 * Everything that a simulation run depends on. Runs of the same experiment and number yield the same figures, to the
 * bit.
 * @example
 * const experiment: Experiment = {
 *   design,
 *   params: realisticParams(design, 2 ** 30, { vcpus: 4 }),
 *   profile,
 *   workload: [{ pattern: { kind: 'uniform' }, forNs: Infinity, writesPerSecond: 25_000 }],
 *   mode: { collectEveryNs: 1e9 },
 *   seed: 1,
 *   warmUpNs: 0,
 *   durationNs: 10e9,
 * };
 */
export interface Experiment {
  readonly design: AnyDesign;
  readonly params: Readonly<Record<string, number>>;
  readonly profile: Profile;
  readonly workload: Workload;
  /** a migration by QEMU, or a collector that only reads the dirty log, with its period */
  readonly mode: { readonly migration: MigrationSettings } | { readonly collectEveryNs: number };
  /** processors that threads share; by default each thread has one of its own */
  readonly processors?: ProcessorSettings;
  readonly seed: number;
  /** simulated time before the measurement begins */
  readonly warmUpNs: number;
  /** maximal size of the state */
  readonly maxMemoryBytes?: number;
  /** simulated time after which a run ends */
  readonly durationNs: number;
}
