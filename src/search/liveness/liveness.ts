import { GrowableArray } from '../../cache/growable-array.ts';
import { type Program, StepOutcome } from '../../compile/program.ts';
import type { Choice, ChoiceIds } from '../../model/choices.ts';
import { OwnedAccesses } from '../../model/owned-accesses.ts';
import { wellFormed } from '../../model/property.ts';
import { defaultMemoryBytes, type Limits } from '../bfs/breadth-first-search.ts';
import type { Engine, Exploration, Progress, StopReason, Verdict } from '../exploration.ts';
import { type ReductionName, refuseUnsoundWithLiveness } from '../reductions.ts';
import { FingerprintSet } from '../storage/fingerprint-set.ts';
import { Frontier, type FrontierCursor } from '../storage/frontier.ts';
import { Fingerprint } from '../storage/incremental-fingerprint.ts';
import { PredecessorLog } from '../storage/predecessor-log.ts';
import { choicesForSearch } from '../successors/choice-limits.ts';
import { untakenUnder } from '../untaken.ts';
import { bytesPerStateOfCycleSearch, fairComponents } from './fair-components.ts';
import { findLasso } from './lasso.ts';
import { type LeadsToCheck, leadsToChecks } from './leads-to-check.ts';
import type { StateGraph } from './state-graph.ts';

/** Most states that are expanded between two tests of the limits. */
const maxStatesPerYield = 8192;
/** Share of the memory limit that the successors of these states may take. */
const yieldShare = 0.25;
/** Memory of a state and its edge, without the words of the state, in bytes. */
const bytesPerSuccessor = 110;

/**
 * Checks the leads-to properties of a program under fairness, by explicit-state search for fair cycles (the automata
 * approach of M. Vardi and P. Wolper, 1986, for this one class of properties):
 *
 *     build the graph of all reachable states, breadth first
 *     for each property, and each actor that it speaks of:
 *       label each state: request (`from` and not `to`), unanswered (not `to`)
 *       find the fair components among the states with a pending request
 *       if there is one, the property is violated: report a lasso into it
 *
 * Sound and complete for the given params, but for the chance that two states had one fingerprint. The graph is stored
 * whole, unlike in nested depth-first search, because strong fairness needs components.
 * @param reductions reductions that the program is under
 * @throws PrecopyError `NOT_SOUND` if a reduction does not preserve liveness
 * @example
 * const { verdict, violation } = runEngine(liveness(compile(design)));
 */
export function* liveness(program: Program, limits: Limits = {}, reductions: readonly ReductionName[] = []): Engine {
  refuseUnsoundWithLiveness(reductions);
  const result = yield* new LivenessSearch(program, limits).run();
  program.repeatSteps();
  return result;
}

class LivenessSearch {
  private readonly visited: FingerprintSet;
  private readonly fingerprint: Fingerprint;
  // The graph, as in `StateGraph`.
  private readonly first = new GrowableArray(new Uint32Array(0));
  private readonly target = new GrowableArray(new Uint32Array(0));
  private readonly choice = new GrowableArray(new Uint32Array(0));
  private readonly predecessors: PredecessorLog;
  private readonly parentsPerUnit: number;
  private readonly statesPerYield: number;
  private readonly frontier: Frontier;
  private readonly parentCursor: FrontierCursor;
  private readonly newStateCursor: FrontierCursor;
  private readonly parentState: Int32Array;
  private readonly enabled: Int32Array;
  /** what the choices of the state that is expanded access of owned memory */
  private readonly owned: OwnedAccesses;
  private readonly choiceIds: ChoiceIds;
  private readonly checks: readonly LeadsToCheck[];
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
    this.parentState = new Int32Array(program.state.length);
    this.enabled = new Int32Array(program.events.length);
    this.owned = new OwnedAccesses(program.ownedSets);
    this.choiceIds = choicesForSearch(program.events);
    this.maxMemoryBytes = limits.maxMemoryBytes ?? defaultMemoryBytes;
    program.limitCache(this.maxMemoryBytes / 4);
    const words = program.state.length;
    const { count } = this.choiceIds;
    // The limit is checked once per yield, and may be exceeded by the states discovered between two yields.
    const choices = Math.max(1, count);
    const bytesPerParent = choices * (bytesPerSuccessor + 4 * words);
    const parentsInShare = Math.floor((this.maxMemoryBytes * yieldShare) / bytesPerParent);
    this.statesPerYield = Math.max(1, Math.min(maxStatesPerYield, parentsInShare));
    const newStatesPerYield = this.statesPerYield * choices;
    const maxStates = this.maxMemoryBytes / bytesPerStateOfCycleSearch + newStatesPerYield;
    this.visited = new FingerprintSet(FingerprintSet.reserve(9.9 * maxStates, { withIds: true }));
    this.fingerprint = new Fingerprint(words);
    this.predecessors = new PredecessorLog(PredecessorLog.reserve(maxStates), count);
    this.parentsPerUnit = PredecessorLog.parentsPerUnit(count);
    this.frontier = new Frontier(Frontier.reserve(words, this.maxMemoryBytes + 4 * words * newStatesPerYield), words);
    this.parentCursor = this.frontier.cursor();
    this.newStateCursor = this.frontier.cursor();
    this.checks = leadsToChecks(program);
  }

  *run(): Engine {
    const stopped = yield* this.build();
    if (stopped !== undefined || this.violation) return this.result(stopped);
    const graph = this.finishGraph();
    for (const check of this.checks) {
      const stop = yield this.progress();
      if (stop) return this.result(stop);
      this.decide(check, graph);
    }
    return this.result(undefined);
  }

  /** Builds the graph: visits all states, breadth first. */
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
        const end = Math.min(levelEnd, this.expanded + this.statesPerYield);
        while (this.expanded < end && !this.violation) this.expand();
        if (this.violation) return undefined;
        this.frontier.release(this.expanded);
      }
      if (this.expanded === this.states) return undefined;
      this.depth++;
    }
  }

  /** Appends the edges of the next state of the frontier. */
  private expand(): void {
    const { program, parentCursor, predecessors, parentState, enabled, choiceIds, owned } = this;
    const { state } = program;
    const parent = this.expanded++;
    if (parent % this.parentsPerUnit === 0) predecessors.beginUnit(parent, this.states);
    parentCursor.seek(parent);
    const { segment, at } = parentCursor;
    for (let word = 0; word < parentState.length; word++) state[word] = parentState[word] = segment[at + word];
    this.first.push(this.target.length);
    owned.clear();
    const count = program.enabled(enabled);
    for (let n = 0; n < count; n++) {
      const event = enabled[n];
      const domain = program.events[event]?.domain as number;
      for (let payload = 0; payload < domain; payload++) {
        const outcome = program.step(event, payload);
        owned.add(program.ownedAccesses(), program.events[event].actor);
        if (outcome === StepOutcome.refused) continue;
        const choice = choiceIds.firstOf(event) + payload;
        if (outcome === StepOutcome.fault) {
          const fault = program.fault();
          if (!this.recordRace(parent)) this.recordFault([...predecessors.pathTo(parent), choice], fault);
          return;
        }
        this.target.push(this.idOf(parent, choice));
        this.choice.push(choice);
        for (let word = 0; word < parentState.length; word++) state[word] = parentState[word];
      }
    }
    if (owned.isRace()) this.recordRace(parent);
  }

  /** Records that a state is a race for owned memory. Returns false if it is none. */
  private recordRace(id: number): boolean {
    const { program, parentState, predecessors } = this;
    program.state.set(parentState);
    const race = program.ownedRace();
    if (race !== undefined) this.recordFault(predecessors.pathTo(id), race);
    return race !== undefined;
  }

  private recordFault(choices: readonly number[], fault: string): void {
    const schedule = choices.map((id) => this.choiceIds.choiceOf(id));
    this.violation = { property: wellFormed, schedule, fault };
  }

  /** Returns the id of the current state, and records the state if it is new. */
  private idOf(parent: number, choice: number): number {
    const { program, fingerprint, predecessors, frontier, newStateCursor } = this;
    const { state } = program;
    fingerprint.rebase(state);
    const id = this.visited.idOf(fingerprint.high, fingerprint.low);
    if (id < this.states) return id;
    this.states++;
    if (id % frontier.statesPerChunk === 0) {
      frontier.extend(id + 1);
      predecessors.extend(id + frontier.statesPerChunk);
    }
    newStateCursor.seek(id);
    const { segment, at } = newStateCursor;
    for (let word = 0; word < state.length; word++) segment[at + word] = state[word];
    predecessors.set(id, predecessors.encode(parent % this.parentsPerUnit, choice));
    for (const check of this.checks) check.observe();
    return id;
  }

  /** Completes the graph. */
  private finishGraph(): StateGraph {
    this.first.push(this.target.length);
    return {
      states: this.states,
      first: this.first.values,
      target: this.target.values,
      choice: this.choice.values,
    };
  }

  /** Decides a property, and records a lasso if it is the first that is violated. */
  private decide(check: LeadsToCheck, graph: StateGraph): void {
    const { id } = check.property;
    if (this.verdicts.get(id) === 'violated') return;
    const query = check.fairCycleQuery(graph, this.choiceIds);
    const fair = fairComponents(query);
    this.verdicts.set(id, fair.count > 0 ? 'violated' : 'holds');
    if (fair.count === 0 || this.violation) return;
    const { stem, cycle } = findLasso(query, fair);
    const choicesOf = (ids: readonly number[]): Choice[] => ids.map((id) => this.choiceIds.choiceOf(id));
    this.violation = { property: id, schedule: choicesOf(stem), cycle: choicesOf(cycle), fault: undefined };
  }

  private overLimit(): StopReason | undefined {
    if (this.states >= (this.limits.maxStates ?? Number.POSITIVE_INFINITY)) return 'max-states';
    if (this.memoryBytes() >= this.maxMemoryBytes) return 'max-memory';
    return undefined;
  }

  /** Returns the memory of the graph, and of the search for fair cycles that will follow. */
  private memoryBytes(): number {
    const { states, visited, first, target, choice, predecessors, frontier, checks } = this;
    const labels = checks.reduce((sum, { bytes }) => sum + bytes, 0);
    const graph = first.bytes + target.bytes + choice.bytes + visited.bytes + predecessors.bytes(states) + labels;
    return graph + frontier.bytes + states * bytesPerStateOfCycleSearch + this.program.cacheBytes;
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
    const { violation, states, program } = this;
    const transitions = this.target.length + 1;
    const verdict = violation ? 'violated' : stoppedBy ? 'inconclusive' : 'holds';
    const ids = program.properties.flatMap(({ kind, id }) => (kind === 'leads-to' ? [id] : []));
    return {
      verdict,
      ...(stoppedBy && !violation && { stoppedBy }),
      states,
      transitions,
      depth: this.depth,
      frontier: this.states - this.expanded,
      collisionProbability: (states * (transitions - states)) / 2 ** 64,
      tableBytes: this.memoryBytes(),
      // A property without actors at these params has no check, and holds vacuously.
      properties: ids.map((id) => ({
        id,
        verdict: verdict === 'holds' ? verdict : (this.verdicts.get(id) ?? 'inconclusive'),
      })),
      covers: ids.map((id) => ({
        id,
        hit: this.checks.some(({ property, isNonVacuous }) => property.id === id && isNonVacuous),
      })),
      ...(violation && { violation }),
      ...untakenUnder(verdict, program),
    };
  }
}
