import { type Program, StepOutcome } from '../../compile/program.ts';
import { wellFormed } from '../../model/property.ts';
import type { Choice, ChoiceIds } from '../../model/schedule.ts';
import type { Limits } from '../bfs/breadth-first-search.ts';
import type { Exploration, Progress, StopReason, Verdict } from '../exploration.ts';
import { type ReductionName, refuseUnsoundWithLiveness } from '../reductions.ts';
import { GrowableArray } from '../storage/growable-array.ts';
import { choicesForSearch } from '../successors/choice-limits.ts';
import { Discoveries } from './discoveries.ts';
import { bytesPerStateOfCycleSearch, fairComponents } from './fair-components.ts';
import { findLasso } from './lasso.ts';
import { type LeadsToCheck, obligationsOf } from './leads-to-check.ts';
import type { Graph } from './state-graph.ts';
import { StateIndex } from './state-index.ts';
import { StateQueue } from './state-queue.ts';

/** How many states are expanded between two looks at the clock and at signals. */
const statesPerTurn = 8192;

/**
 * Checks every `leadsTo` of a program: first it builds the graph of all reachable states, then it looks in it, for each of them, for a fair
 * run that never comes to what is owed. Such a run is told as a lasso: steps that happen once, and steps that are repeated for ever.
 *
 * Sound and complete at the given sizes, but for the chance that two states had the same fingerprint. A generator, as `exhaustive` is.
 * @throws PrecopyError `NOT_SOUND` for a reduction that would make the verdict worthless
 */
export function* liveness(
  program: Program,
  limits: Limits = {},
  reductions: readonly ReductionName[] = [],
): Generator<Progress, Exploration, StopReason | undefined> {
  refuseUnsoundWithLiveness(reductions);
  return yield* new Search(program, limits).run();
}

class Search {
  private readonly numbers: StateIndex;
  private readonly first = new GrowableArray(new Uint32Array(0));
  private readonly target = new GrowableArray(new Uint32Array(0));
  private readonly choice = new GrowableArray(new Uint32Array(0));
  private readonly origins = new Discoveries();
  private readonly frontier: StateQueue;
  private readonly base: Int32Array;
  private readonly enabled: Int32Array;
  private readonly choices: ChoiceIds;
  private readonly obligations: readonly LeadsToCheck[];
  private readonly verdicts = new Map<string, Verdict>();
  private violation: Exploration['violation'];
  private depth = 1;
  private expanded = 0;

  constructor(
    private readonly program: Program,
    private readonly limits: Limits,
  ) {
    this.numbers = new StateIndex(program.state.length);
    this.frontier = new StateQueue(program.state.length);
    this.base = new Int32Array(program.state.length);
    this.enabled = new Int32Array(program.events.length);
    this.choices = choicesForSearch(program.events);
    this.obligations = obligationsOf(program);
  }

  *run(): Generator<Progress, Exploration, StopReason | undefined> {
    const stopped = yield* this.build();
    if (stopped !== undefined || this.violation) return this.result(stopped);
    const graph = this.graph();
    for (const obligation of this.obligations) {
      const stop = yield this.progress();
      if (stop) return this.result(stop);
      this.decide(obligation, graph);
    }
    return this.result(undefined);
  }

  /** Visits all states, breadth first. */
  private *build(): Generator<Progress, StopReason | undefined, StopReason | undefined> {
    const { program, numbers } = this;
    if (program.reset() === StepOutcome.fault) {
      this.violation = { property: wellFormed, schedule: [], fault: program.fault() };
      return undefined;
    }
    this.numberOf(0, 0);
    for (;;) {
      const levelEnd = numbers.size;
      while (this.expanded < levelEnd) {
        const stop = this.overLimit() ?? (yield this.progress());
        if (stop) return stop;
        for (const end = Math.min(levelEnd, this.expanded + statesPerTurn); this.expanded < end; ) this.expand();
        if (this.violation) return undefined;
      }
      if (this.frontier.length === 0) return undefined;
      this.depth++;
    }
  }

  /** Takes every step that the oldest state of the frontier allows. */
  private expand(): void {
    const { program, frontier, base, enabled, choices } = this;
    const { state } = program;
    frontier.shift(base);
    state.set(base);
    this.first.push(this.target.length);
    const count = program.enabled(enabled);
    for (let n = 0; n < count; n++) {
      const event = enabled[n];
      const domain = program.events[event]?.domain as number;
      for (let payload = 0; payload < domain; payload++) {
        const outcome = program.step(event, payload);
        if (outcome === StepOutcome.refused) continue;
        const choice = choices.firstOf(event) + payload;
        if (outcome === StepOutcome.fault) {
          const schedule = [...this.origins.choicesTo(this.expanded), choice].map((one) => choices.choiceOf(one));
          this.violation = { property: wellFormed, schedule, fault: program.fault() };
          return;
        }
        this.target.push(this.numberOf(this.expanded, choice));
        this.choice.push(choice);
        for (let word = 0; word < base.length; word++) state[word] = base[word];
      }
    }
    this.expanded++;
  }

  /** The number of the current state, which is noted if it is new. */
  private numberOf(before: number, choice: number): number {
    const { program, numbers } = this;
    const known = numbers.size;
    const number = numbers.idOf(program.state);
    if (number < known) return number;
    this.origins.push(before, choice);
    this.frontier.push(program.state);
    for (const obligation of this.obligations) obligation.observe();
    return number;
  }

  private graph(): Graph {
    this.first.push(this.target.length);
    return {
      states: this.numbers.size,
      first: this.first.values,
      target: this.target.values,
      choice: this.choice.values,
    };
  }

  /** Looks for a run that never does what it is obliged to. */
  private decide(obligation: LeadsToCheck, graph: Graph): void {
    const { id } = obligation.property;
    if (this.verdicts.get(id) === 'violated') return;
    const question = obligation.fairCycleQuery(graph, this.choices);
    const fair = fairComponents(question);
    this.verdicts.set(id, fair.count > 0 ? 'violated' : 'holds');
    if (fair.count === 0 || this.violation) return;
    const { stem, cycle } = findLasso(question, fair);
    const choicesOf = (numbers: readonly number[]): Choice[] => numbers.map((one) => this.choices.choiceOf(one));
    this.violation = { property: id, schedule: choicesOf(stem), cycle: choicesOf(cycle), fault: undefined };
  }

  private overLimit(): StopReason | undefined {
    if (this.numbers.size >= (this.limits.maxStates ?? Number.POSITIVE_INFINITY)) return 'max-states';
    if (this.memoryBytes() >= (this.limits.maxMemoryBytes ?? Number.POSITIVE_INFINITY)) return 'max-memory';
    return undefined;
  }

  /** What the graph takes, and what the search for cycles in it will take beside it. */
  private memoryBytes(): number {
    const { numbers, first, target, choice, origins, frontier, obligations } = this;
    const marks = obligations.reduce((sum, { bytes }) => sum + bytes, 0);
    const graph = first.bytes + target.bytes + choice.bytes + numbers.bytes + origins.bytes + marks;
    return graph + frontier.bytes + numbers.size * bytesPerStateOfCycleSearch;
  }

  private progress(): Progress {
    return {
      states: this.numbers.size,
      transitions: this.target.length + 1,
      depth: this.depth,
      frontier: this.frontier.length,
      memoryBytes: this.memoryBytes(),
    };
  }

  private result(stoppedBy: StopReason | undefined): Exploration {
    const { violation } = this;
    const states = this.numbers.size;
    const transitions = this.target.length + 1;
    const ids = new Set(this.obligations.map(({ property }) => property.id));
    return {
      verdict: violation ? 'violated' : stoppedBy ? 'inconclusive' : 'holds',
      ...(stoppedBy && !violation && { stoppedBy }),
      states,
      transitions,
      depth: this.depth,
      frontier: this.frontier.length,
      collisionProbability: (states * (transitions - states)) / 2 ** 64,
      tableBytes: this.memoryBytes(),
      properties: [...ids].map((id) => ({ id, verdict: this.verdicts.get(id) ?? 'inconclusive' })),
      covers: [...ids].map((id) => ({
        id,
        hit: this.obligations.some(({ property, isNonVacuous }) => property.id === id && isNonVacuous),
      })),
      ...(violation && { violation }),
    };
  }
}
