import { GrowableArray } from '../../cache/growable-array.ts';
import { type Program, StepOutcome } from '../../compile/program.ts';
import type { Choice, ChoiceIds } from '../../model/choices.ts';
import { wellFormed } from '../../model/property.ts';
import { defaultMemoryBytes, type Limits } from '../bfs/breadth-first-search.ts';
import type { Exploration, Progress, StopReason, Verdict } from '../exploration.ts';
import { type ReductionName, refuseUnsoundWithLiveness } from '../reductions.ts';
import { FingerprintSet } from '../storage/fingerprint-set.ts';
import { Frontier, type FrontierCursor, statesPerChunk } from '../storage/frontier.ts';
import { Fingerprint } from '../storage/incremental-fingerprint.ts';
import { PredecessorLog } from '../storage/predecessor-log.ts';
import { choicesForSearch } from '../successors/choice-limits.ts';
import { bytesPerStateOfCycleSearch, fairComponents } from './fair-components.ts';
import { findLasso } from './lasso.ts';
import { type LeadsToCheck, leadsToChecks } from './leads-to-check.ts';
import type { StateGraph } from './state-graph.ts';

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
  private readonly visited: FingerprintSet;
  private readonly fingerprint: Fingerprint;
  private readonly first = new GrowableArray(new Uint32Array(0));
  private readonly target = new GrowableArray(new Uint32Array(0));
  private readonly choice = new GrowableArray(new Uint32Array(0));
  private readonly predecessors: PredecessorLog;
  private readonly parentsPerUnit: number;
  private readonly frontier: Frontier;
  private readonly parentCursor: FrontierCursor;
  private readonly newStateCursor: FrontierCursor;
  private readonly base: Int32Array;
  private readonly enabled: Int32Array;
  private readonly choices: ChoiceIds;
  private readonly obligations: readonly LeadsToCheck[];
  private readonly verdicts = new Map<string, Verdict>();
  private violation: Exploration['violation'];
  private depth = 1;
  private states = 0;
  private expanded = 0;
  private readonly maxMemoryBytes: number;

  constructor(
    private readonly program: Program,
    private readonly limits: Limits,
  ) {
    this.base = new Int32Array(program.state.length);
    this.enabled = new Int32Array(program.events.length);
    this.choices = choicesForSearch(program.events);
    this.maxMemoryBytes = limits.maxMemoryBytes ?? defaultMemoryBytes;
    const words = program.state.length;
    const { count } = this.choices;
    // The limit is checked once per turn, which may exceed it by the states that it discovers.
    const statesOfTurn = statesPerTurn * Math.max(1, count);
    const maxStates = this.maxMemoryBytes / bytesPerStateOfCycleSearch + statesOfTurn;
    this.visited = new FingerprintSet(FingerprintSet.reserve(9.9 * maxStates, { withIds: true }));
    this.fingerprint = new Fingerprint(words);
    this.predecessors = new PredecessorLog(PredecessorLog.reserve(maxStates), count);
    this.parentsPerUnit = PredecessorLog.parentsPerUnit(count);
    this.frontier = new Frontier(Frontier.reserve(words, this.maxMemoryBytes + 4 * words * statesOfTurn), words);
    this.parentCursor = this.frontier.cursor();
    this.newStateCursor = this.frontier.cursor();
    this.obligations = leadsToChecks(program);
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
    const { program } = this;
    if (program.reset() === StepOutcome.fault) {
      this.violation = { property: wellFormed, schedule: [], fault: program.fault() };
      return undefined;
    }
    this.idOf(0, 0);
    for (;;) {
      const levelEnd = this.states;
      while (this.expanded < levelEnd) {
        const stop = this.overLimit() ?? (yield this.progress());
        if (stop) return stop;
        const end = Math.min(levelEnd, this.expanded + statesPerTurn);
        while (this.expanded < end && !this.violation) this.expand();
        if (this.violation) return undefined;
        this.frontier.release(this.expanded);
      }
      if (this.expanded === this.states) return undefined;
      this.depth++;
    }
  }

  /** Takes every step that the oldest state of the frontier allows. */
  private expand(): void {
    const { program, parentCursor, predecessors, base, enabled, choices } = this;
    const { state } = program;
    const parent = this.expanded++;
    if (parent % this.parentsPerUnit === 0) predecessors.beginUnit(parent, this.states);
    parentCursor.seek(parent);
    const { segment, at } = parentCursor;
    for (let word = 0; word < base.length; word++) state[word] = base[word] = segment[at + word];
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
          const schedule = [...predecessors.pathTo(parent), choice].map((one) => choices.choiceOf(one));
          this.violation = { property: wellFormed, schedule, fault: program.fault() };
          return;
        }
        this.target.push(this.idOf(parent, choice));
        this.choice.push(choice);
        for (let word = 0; word < base.length; word++) state[word] = base[word];
      }
    }
  }

  /** Returns the id of the current state, and records the state if it is new. */
  private idOf(parent: number, choice: number): number {
    const { program, fingerprint, predecessors, frontier, newStateCursor } = this;
    const { state } = program;
    fingerprint.rebase(state);
    const id = this.visited.idOf(fingerprint.high, fingerprint.low);
    if (id < this.states) return id;
    this.states++;
    if (id % statesPerChunk === 0) {
      frontier.extend(id + 1);
      predecessors.extend(id + statesPerChunk);
    }
    newStateCursor.seek(id);
    const { segment, at } = newStateCursor;
    for (let word = 0; word < state.length; word++) segment[at + word] = state[word];
    predecessors.set(id, predecessors.encode(parent % this.parentsPerUnit, choice));
    for (const obligation of this.obligations) obligation.observe();
    return id;
  }

  private graph(): StateGraph {
    this.first.push(this.target.length);
    return {
      states: this.states,
      first: this.first.values,
      target: this.target.values,
      choice: this.choice.values,
    };
  }

  /** Looks for a run that never does what it is obliged to. */
  private decide(obligation: LeadsToCheck, graph: StateGraph): void {
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
    if (this.states >= (this.limits.maxStates ?? Number.POSITIVE_INFINITY)) return 'max-states';
    if (this.memoryBytes() >= this.maxMemoryBytes) return 'max-memory';
    return undefined;
  }

  /** What the graph takes, and what the search for cycles in it will take beside it. */
  private memoryBytes(): number {
    const { states, visited, first, target, choice, predecessors, frontier, obligations } = this;
    const marks = obligations.reduce((sum, { bytes }) => sum + bytes, 0);
    const graph = first.bytes + target.bytes + choice.bytes + visited.bytes + predecessors.bytes(states) + marks;
    return graph + frontier.bytes + states * bytesPerStateOfCycleSearch;
  }

  private progress(): Progress {
    return {
      states: this.states,
      transitions: this.target.length + 1,
      depth: this.depth,
      frontier: this.states - this.expanded,
      memoryBytes: this.memoryBytes(),
    };
  }

  private result(stoppedBy: StopReason | undefined): Exploration {
    const { violation, states } = this;
    const transitions = this.target.length + 1;
    const ids = new Set(this.obligations.map(({ property }) => property.id));
    return {
      verdict: violation ? 'violated' : stoppedBy ? 'inconclusive' : 'holds',
      ...(stoppedBy && !violation && { stoppedBy }),
      states,
      transitions,
      depth: this.depth,
      frontier: this.states - this.expanded,
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
