import type { FairComponents } from './fair-components.ts';
import { type FairCycleQuery, StateLabel } from './state-graph.ts';

/** An infinite run, as ids of choices: the stem once, then the cycle for ever. */
export interface Lasso {
  readonly stem: readonly number[];
  /** empty if nothing happens after the stem */
  readonly cycle: readonly number[];
}

/** Limits of the minimization: states at which a cycle may begin, and edges visited. */
const maxStarts = 256;
const maxEdges = 20_000_000;

/**
 * Finds a short lasso into a fair component. The stem is a shortest path to the start of its cycle. The cycle goes
 * greedily from one edge that satisfies an outstanding fairness constraint to the nearest that satisfies another. (To
 * find a shortest fair lasso is NP-hard: E. Clarke, O. Grumberg, K. McMillan and X. Zhao, DAC 1995.)
 */
export function findLasso(query: FairCycleQuery, fair: FairComponents): Lasso {
  const stems = new Stems(query, fair);
  const cycles = new Cycles(query, fair);
  let best: Lasso | undefined;
  for (const { state, length } of stems.starts) {
    if (best && (length >= best.stem.length + best.cycle.length || cycles.edgesVisited > maxEdges)) break;
    const cycle = cycles.from(state);
    if (best && length + cycle.length >= best.stem.length + best.cycle.length) continue;
    best = { stem: stems.to(state), cycle };
  }
  return best as Lasso;
}

/** Predecessor of the initial state. */
const none = 0xffffffff;

/**
 * Shortest paths from the initial state, by way of a request, to states of fair components: breadth-first search of
 * pairs of a state and whether a request is pending. Pair 2s + 1 is state s with a pending request, pair 2s is s
 * without.
 */
class Stems {
  /** ends of stems, nearest first */
  readonly starts: readonly { readonly state: number; readonly length: number }[];
  /** by pair */
  private readonly predecessor: Uint32Array;
  /** by pair: the choice that leads to it */
  private readonly choice: Uint32Array;

  constructor(query: FairCycleQuery, fair: FairComponents) {
    const { graph, labels } = query;
    const { states, first, target, choice } = graph;
    this.predecessor = new Uint32Array(2 * states);
    this.choice = new Uint32Array(2 * states);
    const distance = new Int32Array(2 * states).fill(-1);
    const queue = new Uint32Array(2 * states);
    const starts: { state: number; length: number }[] = [];
    let end = 0;
    const visit = (pair: number, length: number, predecessor: number, by: number): void => {
      if (distance[pair] !== -1) return;
      distance[pair] = length;
      this.predecessor[pair] = predecessor;
      this.choice[pair] = by;
      queue[end++] = pair;
      const state = pair >>> 1;
      const isPending = pair & 1;
      if (isPending && fair.componentOf[state] !== 0) starts.push({ state, length });
      if (!isPending && labels[state] & StateLabel.request) visit(pair + 1, length, predecessor, by);
    };
    visit(0, 0, none, 0);
    for (let n = 0; n < end && starts.length < maxStarts; n++) {
      const pair = queue[n];
      const state = pair >>> 1;
      const isPending = pair & 1;
      for (let edge = first[state]; edge < first[state + 1]; edge++) {
        const successor = target[edge];
        if (isPending && !(labels[successor] & StateLabel.unanswered)) continue;
        visit(2 * successor + isPending, distance[pair] + 1, pair, choice[edge]);
      }
    }
    this.starts = starts;
  }

  /** Returns the choices of a shortest stem to a state. */
  to(state: number): number[] {
    const choices: number[] = [];
    for (let pair = 2 * state + 1; this.predecessor[pair] !== none; pair = this.predecessor[pair]) {
      choices.push(this.choice[pair]);
    }
    return choices.reverse();
  }
}

interface Edge {
  readonly from: number;
  readonly to: number;
  readonly choice: number;
}

/** Cycles inside fair components. */
class Cycles {
  edgesVisited = 0;
  /** by state: the last search that visited it */
  private readonly visitedBy: Uint32Array;
  /** by state: the choice that led to it in that search */
  private readonly choice: Uint32Array;
  private readonly predecessor: Uint32Array;
  private readonly queue: Uint32Array;
  private searches = 0;

  constructor(
    private readonly query: FairCycleQuery,
    private readonly fair: FairComponents,
  ) {
    const { states } = query.graph;
    this.visitedBy = new Uint32Array(states);
    this.choice = new Uint32Array(states);
    this.predecessor = new Uint32Array(states);
    this.queue = new Uint32Array(states);
  }

  /**
   * Returns a cycle through a state that satisfies every fairness constraint; empty if none is enabled in the state.
   */
  from(start: number): number[] {
    const { constraints } = this.query;
    const enabledAtStart = this.enabledAt(start);
    if (enabledAtStart.size === 0) return [];
    const enabledInComponent = this.enabledInComponentOf(start);
    const outstanding = new Set(
      constraints.flatMap(({ strong }, c) => ((strong ? enabledInComponent : enabledAtStart).has(c) ? [c] : [])),
    );
    const cycle: Edge[] = [];
    let at = start;
    while (outstanding.size > 0) {
      const path = this.shortestPath(at, (edge) => this.satisfiedBy(edge, outstanding).length > 0);
      for (const edge of path) for (const c of this.satisfiedBy(edge, outstanding)) outstanding.delete(c);
      cycle.push(...path);
      at = (path.at(-1) as Edge).to;
    }
    if (at !== start) cycle.push(...this.shortestPath(at, ({ to }) => to === start));
    return cycle.map(({ choice }) => choice);
  }

  /**
   * Returns the constraints that an edge satisfies: those it belongs to, and the weak ones that its target does not
   * enable.
   */
  private satisfiedBy({ from, to, choice }: Edge, outstanding: ReadonlySet<number>): number[] {
    const { constraints, constraintsOf, labels } = this.query;
    const enabled = this.enabledAt(to);
    return [...outstanding].filter((c) => {
      const { strong, label } = constraints[c];
      if (!strong && !enabled.has(c)) return true;
      return constraintsOf[choice].includes(c) && (label === 0 || (labels[from] & label) !== 0);
    });
  }

  /** Returns the constraints that a state enables. */
  private enabledAt(state: number): Set<number> {
    const { graph, constraints, constraintsOf, labels } = this.query;
    const enabled = new Set<number>();
    for (let edge = graph.first[state]; edge < graph.first[state + 1]; edge++) {
      for (const c of constraintsOf[graph.choice[edge]]) {
        const { label } = constraints[c];
        if (label === 0 || (labels[state] & label) !== 0) enabled.add(c);
      }
    }
    return enabled;
  }

  /** Returns the constraints that some state in the component of a state enables. */
  private enabledInComponentOf(start: number): Set<number> {
    const enabled = this.enabledAt(start);
    this.search(start, ({ to }) => {
      for (const c of this.enabledAt(to)) enabled.add(c);
      return false;
    });
    return enabled;
  }

  /** Returns a shortest path inside the component that ends with a goal. There has to be one. */
  private shortestPath(start: number, isGoal: (edge: Edge) => boolean): Edge[] {
    const last = this.search(start, isGoal) as Edge;
    const path = [last];
    for (let state = last.from; state !== start; state = path[0].from) {
      path.unshift({ from: this.predecessor[state], to: state, choice: this.choice[state] });
    }
    return path;
  }

  /** Searches the component of a state breadth first, up to the first edge that is a goal. */
  private search(start: number, isGoal: (edge: Edge) => boolean): Edge | undefined {
    const { graph, allowedInfinitelyOften } = this.query;
    const { componentOf } = this.fair;
    const { visitedBy, predecessor, queue } = this;
    const search = ++this.searches;
    visitedBy[start] = search;
    queue[0] = start;
    for (let n = 0, end = 1; n < end; n++) {
      const from = queue[n];
      for (let edge = graph.first[from]; edge < graph.first[from + 1]; edge++) {
        const to = graph.target[edge];
        const choice = graph.choice[edge];
        if (allowedInfinitelyOften[choice] === 0 || componentOf[to] !== componentOf[start]) continue;
        this.edgesVisited++;
        if (isGoal({ from, to, choice })) return { from, to, choice };
        if (visitedBy[to] === search) continue;
        visitedBy[to] = search;
        predecessor[to] = from;
        this.choice[to] = choice;
        queue[end++] = to;
      }
    }
    return undefined;
  }
}
