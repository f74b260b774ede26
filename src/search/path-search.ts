import type { Program } from '../compile/program.ts';
import type { Engine, Exploration, Progress, StopReason } from './exploration.ts';
import { type PropertyFailure, PropertyMonitor, verdictsOnSafety } from './property-monitor.ts';
import { shrink } from './shrink/shrink.ts';
import type { EnabledChoices } from './successors/enabled-choices.ts';
import { untakenUnder } from './untaken.ts';

/** Figures that only one engine reports. */
type EngineFigures = Pick<Exploration, 'bitstate' | 'dpor' | 'sampled'>;

/**
 * The scaffolding of an engine that follows one schedule at a time: bitstate hashing, DPOR, schedule sampling. It
 * reports progress, obeys reasons to stop, and shrinks the first schedule that violates a property.
 */
export abstract class PathSearch {
  /** transitions so far; each engine decides whether the initial state counts as one */
  protected transitions = 0;
  /** most steps of a schedule so far */
  protected maxSteps = 0;
  protected readonly monitor: PropertyMonitor;

  /** @param transitionsPerYield transitions between two reports of progress */
  constructor(
    protected readonly program: Program,
    protected readonly choices: EnabledChoices,
    private readonly transitionsPerYield: number,
  ) {
    this.monitor = new PropertyMonitor(program);
  }

  /** Visits the initial state. */
  protected abstract start(): PropertyFailure | undefined;
  /** Returns true if nothing is left to be explored. */
  protected abstract isExhausted(): boolean;
  /** Explores a little more. */
  protected abstract advance(): PropertyFailure | undefined;
  /** Returns why the verdict is inconclusive although the search is exhausted; undefined if the search is a proof. */
  protected abstract incompleteness(): StopReason | undefined;
  /** Returns the ids of the choices of the current schedule. */
  protected abstract path(): readonly number[];
  protected abstract counters(): Pick<Progress, 'states' | 'frontier' | 'memoryBytes'>;
  /** @param found in a search that found a violation: the steps of the schedule before it was shrunk */
  protected abstract figures(found: { readonly stepsFound?: number }): EngineFigures;

  *run(): Engine {
    let failure = this.start();
    let lastYield = 0;
    while (!failure && !this.isExhausted()) {
      failure = this.advance();
      if (failure || this.transitions - lastYield < this.transitionsPerYield) continue;
      lastYield = this.transitions;
      const stop = this.overLimit() ?? (yield this.progress());
      if (stop) return this.result(undefined, stop);
    }
    return this.result(failure, failure ? undefined : this.incompleteness());
  }

  /** Returns why the search has to stop, if it exceeds a limit of its own. */
  protected overLimit(): StopReason | undefined {
    return undefined;
  }

  protected progress(): Progress {
    const { states, frontier, memoryBytes } = this.counters();
    return {
      states,
      transitions: this.transitions,
      depth: this.maxSteps + 1,
      frontier,
      memoryBytes: memoryBytes + this.program.cacheBytes,
    };
  }

  private result(failure: PropertyFailure | undefined, stoppedBy: StopReason | undefined): Exploration {
    const { program, choices, monitor } = this;
    program.repeatSteps();
    const { states, transitions, depth } = this.progress();
    const { memoryBytes } = this.counters();
    const path = this.path();
    const schedule = failure && shrink(program, path, failure.property).map((choice) => choices.choiceOf(choice));
    const verdict = failure ? 'violated' : stoppedBy ? 'inconclusive' : 'holds';
    return {
      ...(stoppedBy && { stoppedBy }),
      states,
      transitions,
      tableBytes: memoryBytes,
      ...this.figures(failure ? { stepsFound: path.length } : {}),
      verdict,
      depth: schedule ? schedule.length + 1 : depth,
      frontier: 0,
      collisionProbability: 0,
      properties: verdictsOnSafety(program, verdict, failure ? [failure.property] : []),
      covers: monitor.covers(),
      ...untakenUnder(verdict, program),
      ...(failure && schedule && { violation: { ...failure, schedule } }),
    };
  }
}
