import type { LockTimeline } from '../../clock/lock-timeline.ts';
import { PrecopyError } from '../../model/errors.ts';
import type { Experiment } from '../../simulate/experiment.ts';
import type { RunProgress } from '../../simulate/simulation-run.ts';
import { designs, resolveTargets, type Target } from '../designs/design-registry.ts';
import { createStopCondition, type EarlyStop } from '../stop-condition.ts';
import { type PlannedExperiment, planExperiments, runExperiment } from './experiments.ts';
import { RunRecorders } from './run-recorders.ts';
import { labelOf, type NotRun, type SimulateDocument, type SweptFigures } from './simulate-document.ts';
import type { SimulateOptions } from './simulation-options.ts';
import { expandSweep } from './sweep.ts';
import { parseThreshold, type Threshold } from './threshold.ts';

/** 10 Gbit/s, in bytes per second */
const defaultBandwidth = 1.25e9;
/** in seconds, as QEMU has it */
const defaultDowntimeLimit = 0.3;

/** Observers of simulation runs, and the signal that ends them. */
export interface SimulateHooks {
  readonly signal?: AbortSignal;
  /**
   * Called when the first run of an experiment starts.
   * @param label the design and its point of the sweep
   * @param position number of the experiment, from 1, of how many
   */
  readonly onStart?: (label: string, position: { readonly nth: number; readonly total: number }) => void;
  /** Called regularly during the first run of an experiment. */
  readonly onProgress?: (progress: RunProgress) => void;
}

/** Figures of simulation runs, and what has none. */
export interface SimulateResult {
  readonly figures: readonly SweptFigures[];
  readonly notRun: readonly NotRun[];
  readonly brokenThresholds: SimulateDocument['brokenThresholds'];
  /** of mmu_lock, by label; empty unless `timelines` is set */
  readonly timelines: Readonly<Record<string, LockTimeline>>;
  /** true if the Perfetto trace ended before the run, as it reached its maximal size */
  readonly traceWasCut: boolean;
}

/**
 * Simulates designs, at each point of a sweep: all built-in designs if `names` is empty.
 * @throws PrecopyError for unknown names, invalid options and files that cannot be read or written
 * @example
 * const guest = { memory: 2 ** 30, vcpus: 4, workload: 'uniform', rate: 25_000 };
 * const { figures } = await simulate(['rmap-xchg'], { ...guest, profile: 'epyc-2026', slice: 0.003, seed: 1 });
 */
export async function simulate(
  names: readonly string[],
  options: SimulateOptions,
  hooks: SimulateHooks = {},
): Promise<SimulateResult> {
  return runSimulation(await planSimulation(names, options), hooks);
}

/** Experiments that are ready to run. */
export interface SimulationPlan {
  readonly options: SimulateOptions;
  readonly experiments: readonly SweptExperiment[];
  readonly thresholds: readonly Threshold[];
}

/**
 * Plans the experiments of `simulate`, so that a mistake in the input is reported before the first run.
 * @throws PrecopyError for unknown names, invalid options and files that cannot be read
 */
export async function planSimulation(names: readonly string[], options: SimulateOptions): Promise<SimulationPlan> {
  const targets = names.length > 0 ? await resolveTargets(names) : designs.map((design) => ({ design }));
  const thresholds = (options.expect ?? []).map((text) => parseThreshold(text));
  const experiments = await planSweep(targets, options);
  if (options.perfetto !== undefined && experiments.length > 1) {
    throw new PrecopyError(
      'BAD_PARAMETER',
      `--perfetto traces one run, and there are ${experiments.length}`,
      'name one design, and omit --sweep',
    );
  }
  return { options, experiments, thresholds };
}

/** Runs planned experiments, one after another. */
export async function runSimulation(
  { options, experiments, thresholds }: SimulationPlan,
  { signal, onStart, onProgress }: SimulateHooks,
): Promise<SimulateResult> {
  const stop = createStopCondition({ maxSeconds: options.time, signal });
  const recorders = new RunRecorders(options);
  const figures: SweptFigures[] = [];
  const notRun: { design: string; reason: EarlyStop }[] = [];
  for (const [n, { swept, experiment }] of experiments.entries()) {
    const label = labelOf({ design: experiment.design.id, swept });
    const reason = stop();
    if (reason) {
      notRun.push({ design: label, reason });
      continue;
    }
    onStart?.(label, { nth: n + 1, total: experiments.length });
    const result = await runExperiment(experiment, options, {
      stop,
      ...(onProgress && { onProgress }),
      ...(recorders.isRecording && { observe: recorders.observe }),
    });
    figures.push({ ...result, swept });
    recorders.endRun(label);
  }
  const brokenThresholds = figures.flatMap((one) =>
    thresholds.filter(({ holds }) => !holds(one)).map(({ text }) => ({ design: labelOf(one), threshold: text })),
  );
  return { figures, notRun, brokenThresholds, timelines: recorders.timelines, traceWasCut: recorders.traceWasCut };
}

interface SweptExperiment {
  readonly swept: SweptFigures['swept'];
  readonly experiment: PlannedExperiment;
}

async function planSweep(targets: readonly Target[], options: SimulateOptions): Promise<SweptExperiment[]> {
  const params = new Set(targets.flatMap(({ design }) => Object.keys(design.system.spec.params)));
  const planned: SweptExperiment[] = [];
  for (const { swept, options: point } of expandSweep(options, [...params])) {
    const experiments = await planExperiments(targets, point, modeOf(point));
    planned.push(...experiments.map((experiment) => ({ swept, experiment })));
  }
  return planned;
}

/** Returns what a run measures: a migration, or a collector of the dirty log. */
export function modeOf(options: SimulateOptions): Experiment['mode'] {
  const { collectEvery, bandwidth, maxBandwidth, availSwitchoverBandwidth } = options;
  if (collectEvery !== undefined) return { collectEveryNs: collectEvery * 1e9 };
  return {
    migration: {
      bandwidth: bandwidth ?? defaultBandwidth,
      ...(maxBandwidth !== undefined && { maxBandwidth }),
      ...(availSwitchoverBandwidth !== undefined && { availSwitchoverBandwidth }),
      downtimeLimitNs: (options.downtimeLimit ?? defaultDowntimeLimit) * 1e9,
      autoConverge: options.autoConverge === true,
      zeroPages: options.zeroPages ?? 0,
    },
  };
}
