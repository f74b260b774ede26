import type { Profile } from '../../clock/cost-profile.ts';
import type { ProcessorSettings } from '../../clock/cpu-scheduler.ts';
import type { AnyDesign } from '../../model/design.ts';
import { realisticParams } from '../../simulate/realistic-params.ts';
import { type Experiment, type RunFigures, simulateRun } from '../../simulate/simulation-run.ts';
import { type Cell, medianOutcome, type Outcome } from './grid.ts';
import { workloadPattern } from './patterns.ts';

/** The designs that this kernel implements. */
export interface KernelDesigns {
  readonly get: AnyDesign;
  readonly clear: AnyDesign;
}

const bitsPerWord = 64;
/** Runs of the clock differ by little: so many do for a median. */
const mostRuns = 3;

/** After the call of GET_DIRTY_LOG a run goes on for so long or a quarter of the interval, and for four times that as often as its round is not over. */
const firstTailNs = 2e6;
const patience = 8;

/**
 * What the clock says of a cell. Each round is a run of its own, from a clean start, as on the real kernel.
 * @param freeWritesPerSecond how fast a vCPU writes when nothing is logged: the workload
 * @param processors what the vCPUs and the thread that takes the log share, where there are not enough for all of them
 */
export function predict(
  cell: Cell,
  freeWritesPerSecond: number,
  designs: KernelDesigns,
  profile: Profile,
  processors?: ProcessorSettings,
): Outcome {
  const { memoryBytes, vcpus, intervalMs, taking } = cell;
  const rounds = Math.min(cell.rounds, mostRuns);
  const design = designs[taking.kind];
  const pages = memoryBytes / 4096;
  const chunkPages = taking.kind === 'clear' ? taking.chunkPages : bitsPerWord;
  const pace = { forNs: Number.POSITIVE_INFINITY, writesPerSecond: freeWritesPerSecond };
  const setup = {
    design,
    params: realisticParams(design, memoryBytes, {
      vcpus,
      tlbEvicts: 0,
      preemption: processors ? 1 : 0,
      ...(taking.kind === 'clear' && { wordsPerClear: chunkPages / bitsPerWord }),
    }),
    profile,
    mode: { collectEveryNs: intervalMs * 1e6 },
    ...(processors && { processors }),
    seed: 1,
    warmUpNs: 0,
  };
  const chunks = taking.kind === 'clear' ? Math.ceil(pages / chunkPages) : 0;
  const samples = Array.from({ length: rounds }, (_, run): Outcome => {
    const experiment = { ...setup, workload: [{ ...pace, pattern: workloadPattern(cell, run) }] };
    const before = runToEnd(simulateRun({ ...experiment, durationNs: intervalMs * 1e6 }, run));
    const round = wholeRound(experiment, intervalMs * 1e6, chunks, run);
    return {
      getNs: round.getDirtyLogNs.distribution.mean,
      clearNs: chunks > 0 ? round.clearDirtyLogNs.distribution.mean * chunks : 0,
      worstWriteNs: round.vcpuWriteNs.distribution.max,
      writesPerSecond: before.vcpuWritesPerSecond,
      dirtyPages: round.history[0]?.loggedPages ?? 0,
    };
  });
  return medianOutcome(samples);
}

/** A run that goes on until the log is taken and, where it is, cleared. */
function wholeRound(
  experiment: Omit<Experiment, 'durationNs'>,
  callNs: number,
  chunks: number,
  run: number,
): RunFigures {
  for (let tailNs = Math.max(firstTailNs, callNs / 4), tries = 1; ; tailNs *= 4, tries++) {
    const figures = runToEnd(simulateRun({ ...experiment, durationNs: callNs + tailNs }, run));
    const { getDirtyLogNs, clearDirtyLogNs } = figures;
    if (getDirtyLogNs.distribution.count > 0 && clearDirtyLogNs.distribution.count >= chunks) return figures;
    if (tries === patience) throw new Error(`a round of ${experiment.design.id} does not end`);
  }
}

function runToEnd(run: ReturnType<typeof simulateRun>): RunFigures {
  for (;;) {
    const step = run.next(undefined);
    if (step.done) return step.value;
  }
}
