import { freemem } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import { assertComplete } from '../../clock/cost-model.ts';
import { compile } from '../../compile/compile.ts';
import type { Program } from '../../compile/program.ts';
import type { AnyDesign } from '../../model/design.ts';
import { PrecopyError } from '../../model/errors.ts';
import { aggregateRuns } from '../../simulate/aggregate-runs.ts';
import { costTable, type Profile } from '../../simulate/cost-profile.ts';
import type { Experiment } from '../../simulate/experiment.ts';
import { assertEventsHavePolicies } from '../../simulate/kvm-policies.ts';
import { realisticParams } from '../../simulate/realistic-params.ts';
import type { DesignFigures } from '../../simulate/results.ts';
import type { RunObserver } from '../../simulate/run-observer.ts';
import { type RunProgress, simulateRun } from '../../simulate/simulation-run.ts';
import { parseWorkload } from '../../simulate/workload-parser.ts';
import { actionNamesOf, postedMessagesOf } from '../designs/action-names.ts';
import type { Target } from '../designs/design-registry.ts';
import { parseDuration } from '../parse-units.ts';
import { type StopCondition, stopwatch } from '../stop-condition.ts';
import { runOnThreads } from '../workers/simulation-worker-pool.ts';
import { readRecording } from './page-recording.ts';
import { changeCost, loadProfile, withCostsOf } from './profiles.ts';
import type { ExperimentOptions } from './simulation-options.ts';

/** Share of the free memory that the states of all runs may take. */
const stateShare = 0.9;
/** Memory of a guest whose design is compiled to see which costs it needs, in bytes. */
const smallMemory = 64 * 4096;
const defaultSeconds = { migration: 600, collection: 10 };

interface Parallelism {
  readonly runs?: number;
  readonly workers?: number;
}

/** Returns how many threads runs are made on: the main thread makes the first run, workers the others. */
const threadsFor = ({ runs = 1, workers = 1 }: Parallelism): number =>
  1 + Math.min(Math.max(0, runs - 1), Math.max(1, workers - 1));

/** An experiment, and the file that exports its design, for workers. */
export type PlannedExperiment = Experiment & Pick<Target, 'file'>;

/**
 * Plans one experiment per design.
 * @throws PrecopyError for an invalid profile, cost, workload or parameter, for a profile without all costs of a
 * design, and for a design without a guest and a migration
 */
export async function planExperiments(
  targets: readonly Target[],
  options: ExperimentOptions & Parallelism,
  mode: Experiment['mode'],
): Promise<PlannedExperiment[]> {
  assertSimulated(targets);
  const loaded = await loadProfile(options.profile);
  const all = targets.map(({ design }) => design);
  const names = { actions: actionNamesOf(all), messages: postedMessagesOf(all) };
  const profileOf = (design: AnyDesign): Profile =>
    (options.cost ?? []).reduce((profile, change) => changeCost(profile, change, names), withCostsOf(design, loaded));
  const pages = options.memory / 4096;
  const workload = parseWorkload(options.workload, options.rate, {
    duration: parseDuration('--workload'),
    recording: (path) => readRecording(path, pages),
  });
  const duration = options.duration ?? ('migration' in mode ? defaultSeconds.migration : defaultSeconds.collection);
  const warmUp = options.warmUp ?? 0;
  const params = {
    vcpus: options.vcpus,
    preemption: options.pcpus === undefined ? 0 : 1,
    ...options.params,
  };
  for (const { design } of targets) {
    const small = compile(design, realisticParams(design, Math.min(options.memory, smallMemory), params));
    assertEventsHavePolicies(small);
    assertComplete(small, costTable(profileOf(design), small.params));
  }
  return targets.map(({ design, file }) => ({
    design,
    ...(file !== undefined && { file }),
    params: realisticParams(design, options.memory, params),
    profile: profileOf(design),
    workload,
    maxMemoryBytes: (stateShare * freemem()) / threadsFor(options),
    mode,
    ...processorsOf(options),
    seed: options.seed,
    warmUpNs: warmUp * 1e9,
    durationNs: (duration + warmUp) * 1e9,
  }));
}

/** Refuses designs that have no guest, whose writes a workload could describe, or no migration thread. */
function assertSimulated(targets: readonly Target[]): void {
  const others = targets.filter(
    ({ design }) => !['vcpu', 'migration'].every((role) => role in design.system.spec.actors),
  );
  if (others.length === 0) return;
  const ids = others.map(({ design }) => design.id);
  const have = ids.length === 1 ? 'has' : 'have';
  throw new PrecopyError(
    'BAD_DESIGN',
    `${ids.join(', ')} ${have} no vCPUs and no migration thread: only designs of the system of precopy/kvm are simulated`,
    '`check` works for designs of any system',
  );
}

function processorsOf({ pcpus, slice, preemptLocks }: ExperimentOptions): Pick<Experiment, 'processors'> {
  if (pcpus === undefined) {
    if (preemptLocks) throw new PrecopyError('BAD_PARAMETER', '--preempt-locks needs --pcpus', 'add --pcpus 2');
    return {};
  }
  if (pcpus < 1) throw new PrecopyError('BAD_PARAMETER', `--pcpus is ${pcpus}`, 'give at least 1');
  return { processors: { count: pcpus, sliceNs: slice * 1e9, preemptLocks: preemptLocks === true } };
}

/** Observers of an experiment, and the condition that ends it. */
export interface ExperimentHooks {
  readonly stop: StopCondition;
  /** Called regularly during the first run. */
  readonly onProgress?: (progress: RunProgress) => void;
  /** Creates the observer of the first run. */
  readonly observe?: (program: Program) => RunObserver;
}

/**
 * Makes all runs of an experiment and aggregates them. The main thread makes the first run, which can be observed;
 * workers make the others.
 */
export async function runExperiment(
  { file, ...experiment }: PlannedExperiment,
  parallelism: Parallelism,
  { stop, onProgress, observe }: ExperimentHooks,
): Promise<DesignFigures> {
  const elapsed = stopwatch();
  const others = Array.from({ length: (parallelism.runs ?? 1) - 1 }, (_, n) => n + 1);
  const otherRuns = runOnThreads(experiment, file, others, threadsFor(parallelism) - 1, stop);
  const engine = simulateRun(experiment, 0, observe);
  let turn = engine.next();
  while (!turn.done) {
    onProgress?.(turn.value);
    await setImmediate();
    turn = engine.next(stop());
  }
  return aggregateRuns(experiment.design, [turn.value, ...(await otherRuns)], elapsed());
}
