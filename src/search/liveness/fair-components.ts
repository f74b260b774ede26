import { ComponentSearch, outside, unvisited } from './component-search.ts';
import { type FairCycleQuery, isRequest, StateLabel } from './fair-cycle-query.ts';
import { EdgeCursor } from './state-graph.ts';

/** Components in which a fair run can stay for ever without an answer to a request. */
export interface FairComponents {
  /** by state: id of its component; components of states that are not fair have ids too */
  readonly componentOf: Uint32Array;
  /** number of fair components */
  readonly count: number;
  /** Returns whether the component of a state is fair. */
  isFair(state: number): boolean;
}

/** Most edges that are followed between two yields. */
const edgesPerYield = 1 << 20;

/**
 * Finds the fair components of a state graph (E. Emerson and C.-L. Lei, Modalities for Model Checking: Branching Time
 * Logic Strikes Back, 1987): strongly connected components, among the states with a pending request, that contain a run
 * which satisfies all fairness constraints.
 *
 *     for each component C of the states that a path reaches from a request without an answer:
 *       if C satisfies each constraint:           C is fair
 *       else if all that it violates are strong:  decompose C again, without the states that enable one of these
 *
 * Weak constraints are those of a generalized Büchi automaton: a component satisfies one if it contains an edge of it,
 * or a state where it is not enabled. Strong constraints are Streett pairs: a component that enables one and contains
 * no edge of it is not fair as a whole.
 *
 * What differs from the textbook is that a run may stutter, as in TLA+: a component of one state without an edge is a
 * run in which nothing happens any more. Nearly all components are of one state, and `ComponentSearch` tells those that
 * enable no constraint.
 */
export function* fairComponents(query: FairCycleQuery): Generator<void, FairComponents> {
  const { states } = query.graph;
  const marks = new Uint32Array(states);
  const { classOf, labelOf } = query;
  for (let state = 0; state < states; state++) {
    marks[state] = (labelOf[classOf[state]] & StateLabel.unanswered) === 0 ? outside : unvisited;
  }
  const classifier = new Classifier(query, marks);
  const search = new ComponentSearch(
    query,
    marks,
    (component, id) => classifier.classify(component, id),
    (state) => classifier.addFair(state),
  );
  for (let state = 0; state < states; state++) {
    if (marks[state] === unvisited && isRequest(labelOf[classOf[state]]))
      yield* search.searchFrom(state, edgesPerYield);
  }
  for (let region = classifier.regions.pop(); region; region = classifier.regions.pop()) {
    for (const state of region) marks[state] = unvisited;
    for (const state of region) yield* search.searchFrom(state, edgesPerYield);
  }
  const { count } = classifier;
  return { componentOf: marks, count, isFair: (state) => classifier.isFair(state) };
}

/** Tells which components are fair. */
class Classifier {
  count = 0;
  /** sets of states that are still to be decomposed */
  readonly regions: Uint32Array[] = [];
  /** by state: a bit, 1 if its component is fair */
  private readonly fair: Uint8Array;
  private readonly edge: EdgeCursor;
  /** by constraint: number of states of the component that enable it */
  private readonly enabledIn: Uint32Array;
  /** by constraint: the last of these states */
  private readonly lastEnabledIn: Float64Array;
  /** by constraint: 1 if the component contains an edge of it */
  private readonly isTaken: Uint8Array;

  constructor(
    private readonly query: FairCycleQuery,
    private readonly componentOf: Uint32Array,
  ) {
    const { graph, constraints } = query;
    this.fair = new Uint8Array(Math.ceil(graph.states / 8));
    this.edge = new EdgeCursor(graph);
    this.enabledIn = new Uint32Array(constraints.length);
    this.lastEnabledIn = new Float64Array(constraints.length);
    this.isTaken = new Uint8Array(constraints.length);
  }

  isFair(state: number): boolean {
    return ((this.fair[state >>> 3] >>> (state & 7)) & 1) === 1;
  }

  /** Records a fair component of one state. */
  addFair(state: number): void {
    this.count++;
    this.markFair(state);
  }

  private markFair(state: number): void {
    this.fair[state >>> 3] = this.fair[state >>> 3] | (1 << (state & 7));
  }

  /** Records a fair component. Queues the rest of one that only strong constraints make unfair. */
  classify(component: Uint32Array, id: number): void {
    const { constraints } = this.query;
    this.evaluateConstraints(component, id);
    const violated: number[] = [];
    for (let c = 0; c < constraints.length; c++) {
      const isBinding = this.enabledIn[c] >= (constraints[c].strong ? 1 : component.length);
      if (!isBinding || this.isTaken[c] === 1) continue;
      if (!constraints[c].strong) return;
      violated.push(c);
    }
    if (violated.length === 0) {
      for (const state of component) this.markFair(state);
      this.count++;
      return;
    }
    const rest = component.filter((state) => !this.enablesOneOf(state, violated));
    if (rest.length > 0) this.regions.push(rest);
  }

  /** Finds out in how many states of a component each constraint is enabled, and whether it is taken. */
  private evaluateConstraints(component: Uint32Array, id: number): void {
    const { enabledIn, lastEnabledIn, isTaken, edge, componentOf } = this;
    const { constraints, constraintsOf, allowedInfinitelyOften } = this.query;
    enabledIn.fill(0);
    lastEnabledIn.fill(-1);
    isTaken.fill(0);
    for (const state of component) {
      const label = this.labelIn(state);
      edge.seek(state);
      while (edge.next()) {
        const isInside = allowedInfinitelyOften[edge.choice] === 1 && componentOf[edge.target] === id;
        const some = constraintsOf[edge.choice];
        for (let n = 0; n < some.length; n++) {
          const c = some[n];
          if (constraints[c].label !== 0 && (label & constraints[c].label) === 0) continue;
          if (lastEnabledIn[c] !== state) enabledIn[c] = enabledIn[c] + 1;
          lastEnabledIn[c] = state;
          if (isInside) isTaken[c] = 1;
        }
      }
    }
  }

  private enablesOneOf(state: number, some: readonly number[]): boolean {
    const { edge } = this;
    const { constraints, constraintsOf } = this.query;
    const label = this.labelIn(state);
    const binding = some.filter((c) => constraints[c].label === 0 || (label & constraints[c].label) !== 0);
    edge.seek(state);
    while (edge.next()) if (binding.some((c) => constraintsOf[edge.choice].includes(c))) return true;
    return false;
  }

  private labelIn(state: number): number {
    return this.query.labelOf[this.query.classOf[state]];
  }
}
