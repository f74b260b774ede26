import type { Program } from '../compile/program.ts';
import { assembleRun } from './assemble-run.ts';
import type { Experiment } from './experiment.ts';
import type { EndedEarly } from './results.ts';
import { collectFigures, type RunFigures, type RunInstruments } from './run-figures.ts';
import type { RunObserver } from './run-observer.ts';

/** Progress of a run. */
export interface RunProgress {
  readonly simulatedNs: number;
  readonly steps: number;
  /** when the run ends; of a migration an estimate: no page that was sent becomes dirty again */
  readonly endNs: number;
}

/** Number of steps between two reports of progress. */
const stepsPerTurn = 200_000;

/**
 * Simulates one run of an experiment. Yields its progress regularly; a reason passed to `next` ends the run with
 * partial figures. A generator, because the simulator knows neither real time nor signals.
 * @param run number of the run, from 0: runs of the same number see the same writes in every design
 * @param observe creates the observer of the run from its program
 * @throws PrecopyError `TOO_LARGE`, `BAD_PROFILE`, `BAD_PARAMETER`, `BAD_DESIGN`
 * @example
 * const figures = runEngine(simulateRun(experiment, 0));
 * console.log(figures.vcpuWriteNs.distribution.p999);
 */
export function* simulateRun(
  experiment: Experiment,
  run: number,
  observe?: (program: Program) => RunObserver,
): Generator<RunProgress, RunFigures, EndedEarly | undefined> {
  return yield* new SimulationRun(experiment, run, observe).run();
}

/** An invariant that the state violates. */
interface Violated {
  readonly property: string;
  readonly detail?: string;
}

class SimulationRun {
  private readonly instruments: RunInstruments;
  private checks = 0;
  /** steps before the last check of the invariants: a check costs time per page, so as many steps lie between two */
  private stepsAtCheck = 0;

  constructor(
    private readonly experiment: Experiment,
    private readonly runNumber: number,
    observe: ((program: Program) => RunObserver) | undefined,
  ) {
    this.instruments = assembleRun({
      experiment,
      run: runNumber,
      observe,
      onRound: () => {
        const { simulator, program } = this.instruments;
        if (simulator.steps - this.stepsAtCheck >= (program.params['pages'] as number)) simulator.stop();
      },
    });
  }

  *run(): Generator<RunProgress, RunFigures, EndedEarly | undefined> {
    const { simulator, metrics, guestMetrics, migration, program } = this.instruments;
    const { warmUpNs, durationNs } = this.experiment;
    let isWarm = warmUpNs === 0;
    for (;;) {
      const { nowNs, steps } = simulator;
      const endNs = Math.min(durationNs, migration?.estimatedEndNs(nowNs) ?? durationNs);
      const endedEarly = yield { simulatedNs: nowNs, steps, endNs };
      if (endedEarly) return this.figures(endedEarly);
      const cause = simulator.run(isWarm ? durationNs : warmUpNs, stepsPerTurn);
      if (!Number.isNaN(metrics.endedAtNs)) return this.end();
      if (cause === 'until' && !isWarm) {
        metrics.resetAfterWarmUp();
        guestMetrics.resetAfterWarmUp();
        isWarm = true;
      } else if (cause === 'until') return this.end(migration ? 'duration' : undefined);
      else if (cause === 'deadlock') return this.end('deadlock');
      else if (cause === 'fault') return this.figures('violated', { property: 'well-formed', detail: program.fault() });
      else if (cause === 'stopped') {
        this.stepsAtCheck = simulator.steps;
        const violated = this.check();
        if (violated) return this.figures('violated', violated);
      }
    }
  }

  private end(reason?: EndedEarly): RunFigures {
    const { migration, simulator } = this.instruments;
    migration?.finish(simulator.nowNs);
    const violated = this.check();
    return this.figures(violated ? 'violated' : reason, violated);
  }

  private check(): Violated | undefined {
    const { program } = this.instruments;
    this.checks++;
    const violated = program.violated();
    return violated < 0 ? undefined : { property: program.properties[violated]?.id as string };
  }

  private figures(endedEarly?: EndedEarly, violated?: Violated): RunFigures {
    const measured = collectFigures(this.instruments, this.experiment.warmUpNs);
    const run = this.runNumber;
    return {
      run,
      ...measured,
      checks: this.checks,
      ...(endedEarly && { endedEarly }),
      ...(violated && { violation: { ...violated, run, atNs: measured.simulatedNs } }),
    };
  }
}
