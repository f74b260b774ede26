import { type Program, Step } from '../compile/program.ts';
import type { StepOutcome } from '../compile/step.ts';
import { Distinct } from './distinct.ts';
import { type Broken, Findings } from './findings.ts';
import { Offers } from './offers.ts';
import { Random } from './random.ts';
import type { Exploration, Progress, StopReason } from './result.ts';
import { type Strategy, type StrategyName, strategies } from './strategy.ts';

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
export function* sample(
  program: Program,
  options: SampleOptions,
): Generator<Progress, Exploration, StopReason | undefined> {
  return yield* new Sampling(program, options).run();
}

class Sampling {
  private readonly offers: Offers;
  private readonly strategy: Strategy;
  private readonly distinct = new Distinct();
  private readonly before: Int32Array;
  private readonly ranks: Float64Array;
  private readonly findings: Findings;
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
    this.offers = new Offers(program);
    this.strategy = strategies[strategy]({ program, offers: this.offers, random: new Random(seed), depth, bugDepth });
    this.before = new Int32Array(program.state.length);
    this.ranks = new Float64Array(this.offers.numbers.length);
    this.findings = new Findings(program, this.offers);
  }

  *run(): Generator<Progress, Exploration, StopReason | undefined> {
    let lastTurn = 0;
    while (this.runs < this.options.runs) {
      const broken = this.drawOne();
      if (broken) return this.result(broken);
      if (this.transitions - lastTurn < stepsPerTurn) continue;
      lastTurn = this.transitions;
      const stop = yield this.progress();
      if (stop) return this.result(undefined, stop);
    }
    return this.result(undefined, 'runs');
  }

  /** One run, to its end or to what it breaks. */
  private drawOne(): Broken | undefined {
    const { program, strategy, path, findings } = this;
    this.runs++;
    path.length = 0;
    if (program.reset() === Step.fault) return findings.faulty();
    strategy.begin();
    for (;;) {
      this.look();
      const broken = findings.broken();
      if (broken) return broken;
      if (path.length === this.options.depth) return undefined;
      const outcome = this.takeNext();
      if (outcome === Step.fault) return findings.faulty();
      if (outcome === Step.refused) return findings.stuck();
    }
  }

  /** Takes what has the highest priority; refused, if nothing can be taken. */
  private takeNext(): StepOutcome {
    const { offers, strategy, program, before, ranks } = this;
    offers.look();
    const { numbers, count } = offers;
    for (let n = 0; n < count; n++) ranks[n] = strategy.priority(numbers[n] as number);
    before.set(program.state);
    for (let tried = 0; tried < count; tried++) {
      let best = 0;
      for (let n = 1; n < count; n++) if ((ranks[n] as number) > (ranks[best] as number)) best = n;
      const number = numbers[best] as number;
      const outcome = offers.take(number);
      ranks[best] = Number.NEGATIVE_INFINITY;
      if (outcome === Step.refused) continue;
      this.path.push(number);
      if (outcome === Step.taken) strategy.taken(number, before);
      return outcome;
    }
    return Step.refused;
  }

  /** Takes note of the current state. */
  private look(): void {
    const { program, path } = this;
    this.transitions++;
    this.longest = Math.max(this.longest, path.length);
    this.distinct.see(program.state);
    this.findings.cover();
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

  private result(broken?: Broken, stoppedBy?: StopReason): Exploration {
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
