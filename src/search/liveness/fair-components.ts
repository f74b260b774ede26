import { type FairCycleQuery, StateLabel } from './state-graph.ts';
import { TarjanScc } from './tarjan-scc.ts';

/**
 * Memory of the search per state, in bytes. Before a lasso is looked for: Tarjan's arrays, the regions that wait, their
 * states, the result. Afterwards more: the result, stems to pairs of a state and whether a request is pending, cycles.
 */
export const bytesPerStateOfCycleSearch = Math.max(7 * 4 + 2 * 4 + 1 + 4, 4 + 2 * 4 * 4 + 4 * 4);

/** Components in which a fair run can stay for ever without an answer to a request. */
export interface FairComponents {
  /** by state: id of its fair component, or 0 */
  readonly componentOf: Uint32Array;
  /** number of fair components */
  readonly count: number;
}

/**
 * Finds the fair components of a state graph (E. Emerson and C.-L. Lei, Modalities for Model Checking: Branching Time
 * Logic Strikes Back, 1987): strongly connected components, among the states with a pending request, that contain a run
 * which satisfies all fairness constraints.
 *
 * Weak constraints are those of a generalized Büchi automaton: a component satisfies one if it contains an edge of it,
 * or a state where it is not enabled. Strong constraints are Streett pairs: a component that enables one and contains
 * no edge of it is not fair as a whole. The states that enable it are removed, and the rest is decomposed again.
 *
 * What differs from the textbook is that a run may stutter, as in TLA+: a component of one state without an edge is a
 * run in which nothing happens any more.
 */
export function fairComponents(query: FairCycleQuery): FairComponents {
  return new FairComponentSearch(query).run();
}

class FairComponentSearch {
  private readonly scc: TarjanScc;
  private readonly fairComponentOf: Uint32Array;
  /** sets of states that are still to be decomposed */
  private readonly regions: Uint32Array[];
  private count = 0;
  /** by constraint: number of states of the component that enable it */
  private readonly enabledIn: Uint32Array;
  /** by constraint: the last of these states */
  private readonly lastEnabledIn: Int32Array;
  /** by constraint: 1 if the component contains an edge of it */
  private readonly isTaken: Uint8Array;

  constructor(private readonly query: FairCycleQuery) {
    const { graph, constraints } = query;
    this.scc = new TarjanScc(query);
    this.fairComponentOf = new Uint32Array(graph.states);
    this.regions = [pendingStates(query)];
    this.enabledIn = new Uint32Array(constraints.length);
    this.lastEnabledIn = new Int32Array(constraints.length);
    this.isTaken = new Uint8Array(constraints.length);
  }

  run(): FairComponents {
    for (let region = this.regions.pop(); region; region = this.regions.pop()) {
      this.scc.findIn(region, (component, id) => this.classify(component, id));
    }
    return { componentOf: this.fairComponentOf, count: this.count };
  }

  /** Records a fair component. Queues the rest of one that only strong constraints make unfair. */
  private classify(component: Uint32Array, id: number): void {
    const { constraints } = this.query;
    this.evaluateConstraints(component, id);
    const unsatisfied = constraints.flatMap(({ strong }, c) => {
      const isBinding = this.enabledIn[c] >= (strong ? 1 : component.length);
      return isBinding && this.isTaken[c] === 0 ? [c] : [];
    });
    if (unsatisfied.length === 0) {
      for (const state of component) this.fairComponentOf[state] = id;
      this.count++;
    } else if (unsatisfied.every((c) => constraints[c].strong)) {
      const rest = component.filter((state) => !unsatisfied.some((c) => this.enables(state, c)));
      if (rest.length > 0) this.regions.push(rest);
    }
  }

  /** Finds out in how many states of a component each constraint is enabled, and whether it is taken. */
  private evaluateConstraints(component: Uint32Array, id: number): void {
    const { enabledIn, lastEnabledIn, isTaken, scc } = this;
    const { graph, labels, constraints, constraintsOf, allowedInfinitelyOften } = this.query;
    const { first, target, choice } = graph;
    enabledIn.fill(0);
    lastEnabledIn.fill(-1);
    isTaken.fill(0);
    for (const state of component) {
      for (let edge = first[state]; edge < first[state + 1]; edge++) {
        const isInside = allowedInfinitelyOften[choice[edge]] === 1 && scc.componentOf[target[edge]] === id;
        for (const c of constraintsOf[choice[edge]]) {
          const { label } = constraints[c];
          if (label !== 0 && (labels[state] & label) === 0) continue;
          if (lastEnabledIn[c] !== state) enabledIn[c] = enabledIn[c] + 1;
          lastEnabledIn[c] = state;
          if (isInside) isTaken[c] = 1;
        }
      }
    }
  }

  private enables(state: number, constraint: number): boolean {
    const { graph, labels, constraints, constraintsOf } = this.query;
    const { label } = constraints[constraint];
    if (label !== 0 && (labels[state] & label) === 0) return false;
    for (let edge = graph.first[state]; edge < graph.first[state + 1]; edge++) {
      if (constraintsOf[graph.choice[edge]].includes(constraint)) return true;
    }
    return false;
  }
}

/** Returns the states that a path reaches from a request without an answer. */
function pendingStates({ graph, labels }: FairCycleQuery): Uint32Array {
  const { states, first, target } = graph;
  const pending = new Uint32Array(states);
  const isPending = new Uint8Array(states);
  let length = 0;
  const add = (state: number): void => {
    isPending[state] = 1;
    pending[length++] = state;
  };
  for (let state = 0; state < states; state++) if (labels[state] & StateLabel.request) add(state);
  for (let n = 0; n < length; n++) {
    const state = pending[n];
    for (let edge = first[state]; edge < first[state + 1]; edge++) {
      const successor = target[edge];
      if (isPending[successor] === 0 && labels[successor] & StateLabel.unanswered) add(successor);
    }
  }
  return pending.subarray(0, length);
}
