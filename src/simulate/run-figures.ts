import type { CpuScheduler } from '../clock/cpu-scheduler.ts';
import type { Histogram } from '../clock/histogram.ts';
import type { MetricsRecorder } from '../clock/metrics.ts';
import type { Simulator } from '../clock/simulator.ts';
import type { Program } from '../compile/program.ts';
import type { GuestMetrics } from './guest-metrics.ts';
import { kvmCalls } from './kvm-metrics.ts';
import type { QemuMigrationPolicy } from './migration-policy.ts';
import type { Counts, EndedEarly, Round, TimedViolation } from './results.ts';
import type { RoundRecorder } from './round-recorder.ts';

/** Result of one run. */
export interface RunFigures extends Counts {
  /** number of the run, from 0 */
  readonly run: number;
  readonly params: Readonly<Record<string, number>>;
  /** names, by id */
  readonly actors: readonly string[];
  readonly vcpuWriteNs: Histogram;
  /** by actor: hold and wait times of mmu_lock */
  readonly holdNs: readonly Histogram[];
  readonly waitNs: readonly Histogram[];
  readonly getDirtyLogNs: Histogram;
  readonly clearDirtyLogNs: Histogram;
  readonly converged: boolean | null;
  readonly convergence: string;
  readonly history: readonly Round[];
  /** number of evaluations of the invariants */
  readonly checks: number;
  readonly endedEarly?: EndedEarly;
  readonly violation?: TimedViolation;
}

/** What a run measures with. */
export interface RunInstruments {
  readonly program: Program;
  readonly simulator: Simulator;
  readonly metrics: MetricsRecorder;
  readonly guestMetrics: GuestMetrics;
  readonly rounds: RoundRecorder;
  /** undefined without a migration */
  readonly migration: QemuMigrationPolicy | undefined;
  /** undefined if each thread has a processor of its own */
  readonly scheduler: CpuScheduler | undefined;
}

/** Figures that `collectFigures` computes. */
type MeasuredFigures = Omit<RunFigures, 'run' | 'checks' | 'endedEarly' | 'violation'>;

/** Computes the figures of a run up to now. */
export function collectFigures(instruments: RunInstruments, warmUpNs: number): MeasuredFigures {
  const { program, simulator, metrics, guestMetrics, rounds, migration, scheduler } = instruments;
  const simulatedNs = simulator.nowNs;
  const measuredNs = simulatedNs - warmUpNs;
  const converged = migration === undefined ? null : !Number.isNaN(metrics.endedAtNs);
  const endNs = migration && converged ? Math.max(metrics.endedAtNs, migration.linkFreeNs) : simulatedNs;
  const vcpuWrites = guestMetrics.writeNs.distribution.count;
  return {
    params: program.params,
    actors: program.actors,
    vcpuWriteNs: guestMetrics.writeNs,
    holdNs: metrics.holdNs,
    waitNs: metrics.waitNs,
    getDirtyLogNs: metrics.callNs[kvmCalls.getDirtyLog] as Histogram,
    clearDirtyLogNs: metrics.callNs[kvmCalls.clearDirtyLog] as Histogram,
    vcpuWrites,
    vcpuWritesPerSecond: measuredNs > 0 ? (vcpuWrites * 1e9) / measuredNs : 0,
    faults: metrics.count('faults'),
    protections: metrics.count('protections'),
    flushes: metrics.count('flushes'),
    preemptions: scheduler?.preemptions ?? 0,
    holderPreemptions: scheduler?.holderPreemptions ?? 0,
    rounds: rounds.rounds.length,
    pagesSent: migration?.pagesSent ?? 0,
    bytesSent: migration?.bytesSent ?? 0,
    totalNs: endNs,
    downtimeNs: migration && converged ? endNs - migration.stoppedAtNs : 0,
    converged,
    convergence: migration?.convergence(converged === true) ?? 'no migration',
    history: rounds.rounds,
    simulatedNs,
    steps: simulator.steps,
  };
}
