import { type Program, Step } from '../compile/program.ts';
import type { StepOutcome } from '../compile/step.ts';
import { wellFormed } from '../model/property.ts';
import { Distinct } from './distinct.ts';
import { Offers } from './offers.ts';
import { Random } from './random.ts';
import type { Exploration, Progress, StopReason } from './result.ts';
import { shrink } from './shrink.ts';
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

interface Broken {
  readonly property: string;
  readonly fault: string | undefined;
}

class Sampling {
  private readonly offers: Offers;
  private readonly strategy: Strategy;
  private readonly distinct = new Distinct();
  private readonly before: Int32Array;
  private readonly ranks: Float64Array;
  private readonly openCovers: number[];
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
    this.openCovers = program.properties.flatMap(({ kind }, n) => (kind === 'cover' ? [n] : []));
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
    const { program, strategy, path } = this;
    this.runs++;
    path.length = 0;
    if (program.reset() === Step.fault) return { property: wellFormed, fault: program.fault() };
    strategy.begin();
    for (;;) {
      this.look();
      const violated = program.violated();
      if (violated >= 0) return { property: program.properties[violated]?.id as string, fault: undefined };
      if (path.length === this.options.depth) return undefined;
      const outcome = this.takeNext();
      if (outcome === Step.fault) return { property: wellFormed, fault: program.fault() };
      if (outcome === Step.taken) continue;
      const deadlock = program.properties.find(({ kind }) => kind === 'deadlock');
      return deadlock && !program.mayStop() ? { property: deadlock.id, fault: undefined } : undefined;
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
    const { program, openCovers, path } = this;
    this.transitions++;
    this.longest = Math.max(this.longest, path.length);
    this.distinct.see(program.state);
    if (openCovers.length > 0) {
      program.covers(openCovers, (cover) => openCovers.splice(openCovers.indexOf(cover), 1));
    }
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
    const { program, openCovers, options, offers, strategy } = this;
    const found = this.path.length;
    const { states, transitions, depth } = this.progress();
    const path = broken ? shrink(program, this.path, broken.property) : [];
    const invariants = program.properties.flatMap(({ kind, id }) => (kind === 'cover' ? [] : [id]));
    return {
      verdict: broken ? 'violated' : 'inconclusive',
      ...(stoppedBy && { stoppedBy }),
      states,
      transitions,
      depth: broken ? path.length + 1 : depth,
      frontier: 0,
      collisionProbability: 0,
      tableBytes: this.distinct.bytes,
      properties: [...invariants, wellFormed].map((id) => ({
        id,
        verdict: id === broken?.property ? 'violated' : 'inconclusive',
      })),
      covers: program.properties.flatMap(({ kind, id }, n) =>
        kind === 'cover' ? [{ id, hit: !openCovers.includes(n) }] : [],
      ),
      ...(broken && {
        violation: {
          property: broken.property,
          schedule: path.map((number) => offers.choiceOf(number)),
          fault: broken.fault,
        },
      }),
      sampled: {
        strategy: options.strategy,
        seed: options.seed,
        runs: this.runs,
        depth: options.depth,
        ...(broken && { stepsFound: found }),
        ...(strategy.bound && { bound: strategy.bound }),
      },
    };
  }
}
