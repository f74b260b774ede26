import { freemem } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import type { ClockFlags } from '../../cli/options/simulation-options.ts';
import { parseDuration } from '../../cli/options/units.ts';
import { type ProgressLine, tellRun } from '../../cli/report/progress.ts';
import { Interrupt } from '../../cli/sigint.ts';
import type { ClockObserver } from '../../clock/observer.ts';
import type { Program } from '../../compile/program.ts';
import { PrecopyError } from '../../model/errors.ts';
import { aggregateRuns } from '../../simulate/aggregate-runs.ts';
import { realisticParams } from '../../simulate/realistic-params.ts';
import type { DesignFigures, EndedEarly } from '../../simulate/results.ts';
import { type Experiment, simulateRun } from '../../simulate/simulation-run.ts';
import { parseWorkload } from '../../simulate/workload-parser.ts';
import { actionNamesOf } from '../designs/action-names.ts';
import type { Target } from '../designs/design-registry.ts';
import { runOnThreads } from '../workers/simulation-worker-pool.ts';
import { readRecording } from './page-recording.ts';
import { changeCost, loadProfile } from './profiles.ts';

/** What is left for everything beside the state of a run. */
const usableShare = 0.9;

/** How many runs there are, and on how many threads at most. */
interface RunsFlags {
  readonly runs: number;
  readonly workers: number;
}

/** The first run is made on the main thread, the others beside it. */
const threadsFor = ({ runs = 1, workers = 1 }: Partial<RunsFlags>): number =>
  1 + Math.min(Math.max(0, runs - 1), Math.max(1, workers - 1));

/** An experiment, and where its design is from. */
export type Planned = Experiment & Pick<Target, 'file'>;

/**
 * What is run, one experiment a design.
 * @throws PrecopyError for a profile, a cost, a workload or a size that is none
 */
export async function experimentsFor(
  targets: readonly Target[],
  flags: ClockFlags & Partial<RunsFlags>,
  mode: Experiment['mode'],
): Promise<Planned[]> {
  let profile = await loadProfile(flags.profile);
  const actions = actionNamesOf(targets.map(({ design }) => design));
  for (const change of flags.cost) profile = await changeCost(profile, change, actions, parseDuration('--cost'));
  const pages = flags.memory / 4096;
  const workload = parseWorkload(flags.workload, flags.rate, {
    duration: parseDuration('--workload'),
    recording: (path) => readRecording(path, pages),
  });
  const duration = flags.duration ?? ('migration' in mode ? 600 : 10);
  return targets.map(({ design, file }) => ({
    design,
    ...(file !== undefined && { file }),
    params: realisticParams(design, flags.memory, {
      vcpus: flags.vcpus,
      preemption: flags.pcpus === undefined ? 0 : 1,
      ...flags.param,
    }),
    profile,
    workload,
    maxMemoryBytes: (usableShare * freemem()) / threadsFor(flags),
    mode,
    ...processorsOf(flags),
    seed: flags.seed,
    warmUpNs: flags.warmUp * 1e9,
    durationNs: (duration + flags.warmUp) * 1e9,
  }));
}

function processorsOf({ pcpus, slice, preemptLocks }: ClockFlags): Pick<Experiment, 'processors'> {
  if (pcpus === undefined) {
    if (preemptLocks) throw new PrecopyError('BAD_PARAMETER', '--preempt-locks is for --pcpus', 'say --pcpus 2');
    return {};
  }
  if (pcpus < 1) throw new PrecopyError('BAD_PARAMETER', `there are ${pcpus} processors`, 'say --pcpus 2');
  return { processors: { count: pcpus, sliceNs: slice * 1e9, preemptLocks: preemptLocks === true } };
}

/** Whether a run has to end before its time, and why. */
type Stop = () => EndedEarly | undefined;

/** Says to stop after so much real time, and at Ctrl-C. */
export function createStopCondition(maxSeconds = Number.POSITIVE_INFINITY): Stop {
  const interrupt = new Interrupt();
  const start = performance.now();
  return () => {
    if (interrupt.requested) return 'interrupt';
    return (performance.now() - start) / 1000 >= maxSeconds ? 'time' : undefined;
  };
}

/** The first run is made here, where it can be watched; the others by threads beside it. */
export async function runExperiment(
  { file, ...experiment }: Planned,
  { runs, workers }: RunsFlags,
  stop: Stop,
  progress: ProgressLine,
  observe?: (program: Program) => ClockObserver,
): Promise<DesignFigures> {
  const start = performance.now();
  const others = Array.from({ length: runs - 1 }, (_, n) => n + 1);
  const elsewhere = runOnThreads(experiment, file, others, threadsFor({ runs, workers }) - 1, stop);
  const engine = simulateRun(experiment, 0, observe);
  let turn = engine.next();
  while (!turn.done) {
    const { value } = turn;
    progress.show(value.steps, (rate, seconds) => tellRun(value, experiment.durationNs, rate, seconds));
    await setImmediate();
    turn = engine.next(stop());
  }
  progress.clear();
  const all = [turn.value, ...(await elsewhere)];
  return aggregateRuns(experiment.design, all, (performance.now() - start) / 1000);
}
