import type { Profile } from '../../clock/profile.ts';
import { simulateRun } from '../../clock/run.ts';
import { realSizes } from '../../clock/sizes.ts';
import type { AnyDesign } from '../../model/design.ts';
import { type Cell, medianOutcome, type Outcome } from './grid.ts';
import type { Observed } from './observe.ts';
import { workloadPattern } from './patterns.ts';

/** The designs that this kernel implements. */
export interface KernelDesigns {
  readonly get: AnyDesign;
  readonly clear: AnyDesign;
}

const bitsPerWord = 64;
/** Runs of the clock differ by little: so many do for a median. */
const mostRuns = 3;

/**
 * What the clock says of a cell. Each round is a run of its own, from a clean start, as on the real kernel.
 * @param seen what the real kernel did: how fast a vCPU writes when nothing is logged is the workload, and when its round was over ends the run
 */
export function predict(cell: Cell, seen: Observed, designs: KernelDesigns, profile: Profile): Outcome {
  const { memoryBytes, vcpus, intervalMs, taking } = cell;
  const rounds = Math.min(cell.rounds, mostRuns);
  const design = designs[taking.kind];
  const pages = memoryBytes / 4096;
  const chunkPages = taking.kind === 'clear' ? taking.chunkPages : bitsPerWord;
  const pace = { forNs: Number.POSITIVE_INFINITY, writesPerSecond: seen.freeWritesPerSecond };
  const setup = {
    design,
    sizes: realSizes(design, memoryBytes, {
      vcpus,
      tlbEvicts: 0,
      ...(taking.kind === 'clear' && { wordsPerClear: chunkPages / bitsPerWord }),
    }),
    profile,
    mode: { collectEveryNs: intervalMs * 1e6 },
    seed: 1,
    warmUpNs: 0,
  };
  const samples = Array.from({ length: rounds }, (_, run): Outcome => {
    const experiment = { ...setup, workload: [{ ...pace, pattern: workloadPattern(cell, run) }] };
    const before = runToEnd(simulateRun({ ...experiment, durationNs: intervalMs * 1e6 }, run));
    const overNs = intervalMs * 1e6 + 1.2 * (seen.getNs + seen.clearNs) + 1e6;
    const round = runToEnd(simulateRun({ ...experiment, durationNs: overNs }, run));
    return {
      getNs: round.getDirtyLogNs.distribution.mean,
      clearNs: taking.kind === 'clear' ? round.clearDirtyLogNs.distribution.mean * Math.ceil(pages / chunkPages) : 0,
      worstWriteNs: round.vcpuWriteNs.distribution.max,
      writesPerSecond: before.vcpuWritesPerSecond,
      dirtyPages: round.history[0]?.loggedPages ?? 0,
    };
  });
  return medianOutcome(samples);
}

type RunGenerator = ReturnType<typeof simulateRun>;
type RunFigures = RunGenerator extends Generator<unknown, infer F, unknown> ? F : never;

function runToEnd(run: RunGenerator): RunFigures {
  for (;;) {
    const step = run.next(undefined);
    if (step.done) return step.value;
  }
}
