import type { ProcessorSettings } from '../../clock/cpu-scheduler.ts';
import type { AnyDesign } from '../../model/design.ts';
import type { Profile } from '../../simulate/cost-profile.ts';
import type { Experiment } from '../../simulate/experiment.ts';
import { realisticParams } from '../../simulate/realistic-params.ts';
import type { RunFigures } from '../../simulate/run-figures.ts';
import { simulateRun } from '../../simulate/simulation-run.ts';
import type { CellMetrics, GridCell } from '../results.ts';
import { medianMetrics } from './grid.ts';
import { workloadPattern } from './patterns.ts';

/** The designs that the kernel of the host implements, by log method. */
export interface KernelDesigns {
  readonly get: AnyDesign;
  readonly clear: AnyDesign;
}

const bitsPerWord = 64;
/** Simulated rounds differ little, so a few are enough for a median. */
const maxRuns = 3;

/** Least simulated time after the call of GET_DIRTY_LOG. It is quadrupled until the round is complete. */
const firstTailNs = 2e6;
const maxAttempts = 8;

/**
 * Predicts the metrics of a cell. Each round is a run of its own that begins with a clean log, as on the kernel.
 * @param unloggedWritesPerSecond rate at which a vCPU writes with the log off: the workload
 * @param processors processors that the vCPUs and the collector share, if there are too few for all of them
 * @throws Error if a round does not end
 */
export function predict(
  cell: GridCell,
  unloggedWritesPerSecond: number,
  designs: KernelDesigns,
  profile: Profile,
  processors?: ProcessorSettings,
): CellMetrics {
  const { memoryBytes, vcpus, intervalMs, method } = cell;
  const rounds = Math.min(cell.rounds, maxRuns);
  const design = designs[method.kind];
  const pages = memoryBytes / 4096;
  const chunkPages = method.kind === 'clear' ? method.chunkPages : bitsPerWord;
  const pace = { forNs: Number.POSITIVE_INFINITY, writesPerSecond: unloggedWritesPerSecond };
  const setup = {
    design,
    params: realisticParams(design, memoryBytes, {
      vcpus,
      tlbEvicts: 0,
      preemption: processors ? 1 : 0,
      ...(method.kind === 'clear' && { wordsPerClear: chunkPages / bitsPerWord }),
    }),
    profile,
    mode: { collectEveryNs: intervalMs * 1e6 },
    ...(processors && { processors }),
    seed: 1,
    warmUpNs: 0,
  };
  const chunks = method.kind === 'clear' ? Math.ceil(pages / chunkPages) : 0;
  const samples = Array.from({ length: rounds }, (_, run): CellMetrics => {
    const experiment = { ...setup, workload: [{ ...pace, pattern: workloadPattern(cell, run) }] };
    const before = runToEnd(simulateRun({ ...experiment, durationNs: intervalMs * 1e6 }, run));
    const round = simulateRound(experiment, intervalMs * 1e6, chunks, run);
    return {
      getNs: round.getDirtyLogNs.distribution.mean,
      clearNs: chunks > 0 ? round.clearDirtyLogNs.distribution.mean * chunks : 0,
      worstWriteNs: round.vcpuWriteNs.distribution.max,
      writesPerSecond: before.vcpuWritesPerSecond,
      dirtyPages: round.history[0]?.loggedPages ?? 0,
    };
  });
  return medianMetrics(samples);
}

/** Simulates until the log is read and, if the method clears it, cleared. */
function simulateRound(
  experiment: Omit<Experiment, 'durationNs'>,
  callNs: number,
  chunks: number,
  run: number,
): RunFigures {
  for (let tailNs = Math.max(firstTailNs, callNs / 4), tries = 1; ; tailNs *= 4, tries++) {
    const figures = runToEnd(simulateRun({ ...experiment, durationNs: callNs + tailNs }, run));
    const { getDirtyLogNs, clearDirtyLogNs } = figures;
    if (getDirtyLogNs.distribution.count > 0 && clearDirtyLogNs.distribution.count >= chunks) return figures;
    if (tries === maxAttempts) throw new Error(`a simulated round of ${experiment.design.id} does not end`);
  }
}

function runToEnd(run: ReturnType<typeof simulateRun>): RunFigures {
  for (;;) {
    const step = run.next(undefined);
    if (step.done) return step.value;
  }
}
