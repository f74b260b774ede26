import type { Program } from '../../compile/program.ts';
import type { Choice, ChoiceIds } from '../../model/choices.ts';
import { defaultMemoryBytes, type Limits } from '../bfs/breadth-first-search.ts';
import type { Engine, Exploration, Progress, StopReason, Verdict } from '../exploration.ts';
import { type ReductionName, refuseUnsoundWithLiveness } from '../reductions.ts';
import { choicesForSearch } from '../successors/choice-limits.ts';
import { untakenUnder } from '../untaken.ts';
import { fairComponents } from './fair-components.ts';
import { StateLabel } from './fair-cycle-query.ts';
import { GraphSearch } from './graph-search.ts';
import { findLasso } from './lasso.ts';
import { type LeadsToCheck, leadsToChecks } from './leads-to-check.ts';
import { StateGraph } from './state-graph.ts';
import { StateLabels } from './state-labels.ts';

/**
 * Most memory of the search for components per state, in bytes, which takes the place of the visited set: the mark,
 * and a place in the queue of roots, on the path (9) or on the stack. The search for a lasso takes less. What is to be
 * decomposed again for strong constraints, 4 bytes a state, comes on top.
 */
const bytesPerStateOfCycleSearch = 17.2;

/** Address space for each table of the graph, whatever the memory limit, in bytes. */
const leastAddressSpace = 2 ** 24;

/**
 * Checks the leads-to properties of a program under fairness, by explicit-state search for fair cycles (the automata
 * approach of M. Vardi and P. Wolper, 1986, for this one class of properties):
 *
 *     build the graph of all reachable states, breadth first
 *     label each state: request (`from` and not `to`), unanswered (not `to`)
 *     for each property, and each actor that it speaks of:
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
  const search = new LivenessSearch(program, limits);
  const result = yield* search.run();
  search.repeatSteps();
  return result;
}

class LivenessSearch {
  private readonly choiceIds: ChoiceIds;
  private readonly checks: readonly LeadsToCheck[];
  private readonly graph: StateGraph;
  private readonly labels: StateLabels;
  /** visits the states; undefined when the graph is complete, which frees the visited set */
  private building: GraphSearch | undefined;
  /** number of states discovered */
  private states = 0;
  private readonly verdicts = new Map<string, Verdict>();
  private violation: Exploration['violation'];
  private readonly maxMemoryBytes: number;

  constructor(
    private readonly program: Program,
    private readonly limits: Limits,
  ) {
    this.maxMemoryBytes = limits.maxMemoryBytes ?? defaultMemoryBytes;
    this.choiceIds = choicesForSearch(program.events);
    this.checks = leadsToChecks(program);
    // The limit may be exceeded by what is discovered between two tests.
    const largest = 2 * this.maxMemoryBytes + leastAddressSpace;
    this.graph = new StateGraph(largest);
    this.labels = new StateLabels(program, this.checks, largest);
    this.building = new GraphSearch(program, this.choiceIds, this.graph, this.labels, this.maxMemoryBytes);
  }

  *run(): Engine {
    const stopped = yield* this.build();
    if (stopped !== undefined || this.violation) return this.result(stopped);
    for (const check of this.checks.keys()) {
      const stop = yield* this.decide(check);
      if (stop) return this.result(stop);
    }
    return this.result(undefined);
  }

  /** Evaluates again some of what was cached: see `Program.repeatSteps`. */
  repeatSteps(): void {
    this.program.repeatSteps();
    this.labels.repeat();
  }

  /** Builds the graph, to the end or to a violation. */
  private *build(): Generator<Progress, StopReason | undefined, StopReason | undefined> {
    const building = this.building as GraphSearch;
    for (const step = building.run(); !step.next().done; ) {
      this.states = building.states;
      const stop = this.overLimit() ?? (yield this.progress());
      if (stop) return stop;
    }
    this.states = building.states;
    this.violation = building.violation;
    if (!this.violation) this.building = undefined;
    return undefined;
  }

  /** Decides a property for one actor, and records a lasso if it is the first that is violated. */
  private *decide(check: number): Generator<Progress, StopReason | undefined, StopReason | undefined> {
    const { graph, labels, choiceIds } = this;
    const { id } = this.checks[check].property;
    if (this.verdicts.get(id) === 'violated') return yield this.progress();
    const labelled = { graph, classOf: labels.classOf, labelOf: labels.labelsOf(check) };
    const query = this.checks[check].fairCycleQuery(labelled, choiceIds);
    const search = fairComponents(query);
    let turn = search.next();
    for (; !turn.done; turn = search.next()) {
      const stop = yield this.progress();
      if (stop) return stop;
    }
    const fair = turn.value;
    this.verdicts.set(id, fair.count > 0 ? 'violated' : 'holds');
    if (fair.count === 0 || this.violation) return undefined;
    const { stem, cycle } = findLasso(query, fair);
    const choicesOf = (ids: readonly number[]): Choice[] => ids.map((one) => choiceIds.choiceOf(one));
    this.violation = { property: id, schedule: choicesOf(stem), cycle: choicesOf(cycle), fault: undefined };
    return undefined;
  }

  private overLimit(): StopReason | undefined {
    if (this.states >= (this.limits.maxStates ?? Number.POSITIVE_INFINITY)) return 'max-states';
    if (this.memoryBytes() >= this.maxMemoryBytes) return 'max-memory';
    return undefined;
  }

  /** Returns the memory of the graph, and of the search that builds it or the search for cycles that follows. */
  private memoryBytes(): number {
    const ofCycleSearch = this.states * bytesPerStateOfCycleSearch;
    const ofSearch = Math.max(this.building?.bytes ?? 0, ofCycleSearch);
    const ofCaches = this.building?.cacheBytes ?? this.program.cacheBytes;
    return this.graph.bytes + this.labels.bytes + ofSearch + ofCaches;
  }

  private progress(): Progress {
    return {
      states: this.states,
      transitions: this.graph.edges + 1,
      depth: this.graph.levels.length,
      frontier: this.states - this.graph.states,
      memoryBytes: this.memoryBytes(),
    };
  }

  private result(stoppedBy: StopReason | undefined): Exploration {
    const { violation, states, program, checks, labels } = this;
    const { transitions, depth, frontier, memoryBytes: tableBytes } = this.progress();
    const verdict = violation ? 'violated' : stoppedBy ? 'inconclusive' : 'holds';
    const ids = program.properties.flatMap(({ kind, id }) => (kind === 'leads-to' ? [id] : []));
    const isNonVacuous = checks.map((_, check) => labels.labelsOf(check).some((label) => label & StateLabel.from));
    return {
      verdict,
      ...(stoppedBy && !violation && { stoppedBy }),
      states,
      transitions,
      depth,
      frontier,
      collisionProbability: (states * (transitions - states)) / 2 ** 64,
      tableBytes,
      // A property without actors at these params has no check, and holds vacuously.
      properties: ids.map((id) => ({
        id,
        verdict: verdict === 'holds' ? verdict : (this.verdicts.get(id) ?? 'inconclusive'),
      })),
      covers: ids.map((id) => ({ id, hit: checks.some(({ property }, n) => property.id === id && isNonVacuous[n]) })),
      ...(violation && { violation }),
      ...untakenUnder(verdict, program),
    };
  }
}
