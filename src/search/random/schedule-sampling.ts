import { type Program, StepOutcome } from '../../compile/program.ts';
import type { Exploration, Progress, StopReason } from '../exploration.ts';
import { type PropertyFailure, PropertyMonitor } from '../shrink/property-monitor.ts';
import { HyperLogLog } from '../storage/hyperloglog.ts';
import { EnabledChoices } from '../successors/enabled-choices.ts';
import { Random } from './random.ts';
import { type Scheduler, type StrategyName, strategies } from './scheduler.ts';

/** How many schedules are drawn, and how. */
export interface SampleOptions {
  readonly strategy: StrategyName;
  /** a 32-bit number: the same one gives the same schedules */
  readonly seed: number;
  /** stop after so many schedules */
  readonly runs: number;
  /** the most steps of a schedule */
  readonly depth: number;
  /** how many ordering constraints PCT looks for */
  readonly bugDepth: number;
}

/** How many steps are taken between two looks at the clock and at signals. */
const stepsPerTurn = 8192;

/**
 * Draws schedules until one breaks a property, and shrinks that one. Finding nothing proves nothing: the verdict is `violated` or
 * `inconclusive`. A generator, as `exhaustive` is.
 */
export function* sampleSchedules(
  program: Program,
  options: SampleOptions,
): Generator<Progress, Exploration, StopReason | undefined> {
  return yield* new Sampling(program, options).run();
}

class Sampling {
  private readonly offers: EnabledChoices;
  private readonly strategy: Scheduler;
  private readonly distinct = new HyperLogLog();
  private readonly before: Int32Array;
  private readonly priorities: Float64Array;
  private readonly findings: PropertyMonitor;
  /** the choices of the current run, by number */
  private readonly path: number[] = [];
  private runs = 0;
  private transitions = 0;
  private longest = 0;

  constructor(
    private readonly program: Program,
    private readonly options: SampleOptions,
  ) {
    const { strategy, seed, depth, bugDepth } = options;
    this.offers = new EnabledChoices(program);
    this.strategy = strategies[strategy]({ program, offers: this.offers, random: new Random(seed), depth, bugDepth });
    this.before = new Int32Array(program.state.length);
    this.priorities = new Float64Array(this.offers.ids.length);
    this.findings = new PropertyMonitor(program, this.offers);
  }

  *run(): Generator<Progress, Exploration, StopReason | undefined> {
    let lastTurn = 0;
    while (this.runs < this.options.runs) {
      const broken = this.runSchedule();
      if (broken) return this.result(broken);
      if (this.transitions - lastTurn < stepsPerTurn) continue;
      lastTurn = this.transitions;
      const stop = yield this.progress();
      if (stop) return this.result(undefined, stop);
    }
    return this.result(undefined, 'runs');
  }

  /** One run, to its end or to what it breaks. */
  private runSchedule(): PropertyFailure | undefined {
    const { program, strategy, path, findings } = this;
    this.runs++;
    path.length = 0;
    if (program.reset() === StepOutcome.fault) return findings.modelFault();
    strategy.beginRun();
    for (;;) {
      this.look();
      const broken = findings.broken();
      if (broken) return broken;
      if (path.length === this.options.depth) return undefined;
      const outcome = this.takeNext();
      if (outcome === StepOutcome.fault) return findings.modelFault();
      if (outcome === StepOutcome.refused) return findings.deadlock();
    }
  }

  /** Takes what has the highest priority; refused, if nothing can be taken. */
  private takeNext(): StepOutcome {
    const { offers, strategy, program, before, priorities } = this;
    offers.refresh();
    const { ids, count } = offers;
    for (let n = 0; n < count; n++) priorities[n] = strategy.priority(ids[n]);
    before.set(program.state);
    for (let tried = 0; tried < count; tried++) {
      let best = 0;
      for (let n = 1; n < count; n++) if (priorities[n] > priorities[best]) best = n;
      const number = ids[best];
      const outcome = offers.take(number);
      priorities[best] = Number.NEGATIVE_INFINITY;
      if (outcome === StepOutcome.refused) continue;
      this.path.push(number);
      if (outcome === StepOutcome.taken) strategy.onStep(number, before);
      return outcome;
    }
    return StepOutcome.refused;
  }

  /** Takes note of the current state. */
  private look(): void {
    const { program, path } = this;
    this.transitions++;
    this.longest = Math.max(this.longest, path.length);
    this.distinct.addState(program.state);
    this.findings.recordCovers();
  }

  private progress(): Progress {
    return {
      states: this.distinct.estimate,
      transitions: this.transitions,
      depth: this.longest + 1,
      frontier: 0,
      memoryBytes: this.distinct.bytes,
    };
  }

  private result(broken?: PropertyFailure, stoppedBy?: StopReason): Exploration {
    const { findings, options, strategy, path, runs, distinct } = this;
    const { states, transitions, depth } = this.progress();
    const figures = {
      ...(stoppedBy && { stoppedBy }),
      states,
      transitions,
      tableBytes: distinct.bytes,
      sampled: {
        strategy: options.strategy,
        seed: options.seed,
        runs,
        depth: options.depth,
        ...(broken && { stepsFound: path.length }),
        ...(strategy.bound && { bound: strategy.bound }),
      },
    };
    return findings.result(figures, { broken, path, verdict: 'inconclusive', depth });
  }
}
