import type { FairComponents } from './fair-components.ts';
import type { FairCycleQuery } from './fair-cycle-query.ts';
import { EdgeCursor } from './state-graph.ts';

interface Edge {
  readonly from: number;
  readonly to: number;
  readonly choice: number;
}

/** The predecessor of a state that is not reached. */
const none = 2 ** 32 - 1;

/** Cycles inside fair components. */
export class Cycles {
  edgesVisited = 0;
  /** by state: the state that led to it in the last search */
  private readonly predecessor: Uint32Array;
  /** states that the last search visited */
  private readonly queue: Uint32Array;
  private visited = 0;

  constructor(
    private readonly query: FairCycleQuery,
    private readonly fair: FairComponents,
  ) {
    const { states } = query.graph;
    this.predecessor = new Uint32Array(states).fill(none);
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
    const { constraints, constraintsOf } = this.query;
    const enabled = this.enabledAt(to);
    return [...outstanding].filter((c) => {
      const { strong, label } = constraints[c];
      if (!strong && !enabled.has(c)) return true;
      return constraintsOf[choice].includes(c) && (label === 0 || (this.labelIn(from) & label) !== 0);
    });
  }

  /** Returns the constraints that a state enables. */
  private enabledAt(state: number): Set<number> {
    const { graph, constraints, constraintsOf } = this.query;
    const enabled = new Set<number>();
    const edge = new EdgeCursor(graph);
    edge.seek(state);
    while (edge.next()) {
      for (const c of constraintsOf[edge.choice]) {
        const { label } = constraints[c];
        if (label === 0 || (this.labelIn(state) & label) !== 0) enabled.add(c);
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
    const edge = new EdgeCursor(this.query.graph);
    for (let to = last.from; to !== start; to = (path.at(-1) as Edge).from) {
      const from = this.predecessor[to];
      edge.seek(from);
      while (edge.next() && (edge.target !== to || this.query.allowedInfinitelyOften[edge.choice] === 0));
      path.push({ from, to, choice: edge.choice });
    }
    return path.reverse();
  }

  /** Searches the component of a state breadth first, up to the first edge that is a goal. */
  private search(start: number, isGoal: (edge: Edge) => boolean): Edge | undefined {
    const { graph, allowedInfinitelyOften } = this.query;
    const { componentOf } = this.fair;
    const { predecessor, queue } = this;
    for (let n = 0; n < this.visited; n++) predecessor[queue[n]] = none;
    predecessor[start] = start;
    queue[0] = start;
    this.visited = 1;
    const edge = new EdgeCursor(graph);
    for (let n = 0; n < this.visited; n++) {
      const from = queue[n];
      edge.seek(from);
      while (edge.next()) {
        const { target: to, choice } = edge;
        if (allowedInfinitelyOften[choice] === 0 || componentOf[to] !== componentOf[start]) continue;
        this.edgesVisited++;
        if (isGoal({ from, to, choice })) return { from, to, choice };
        if (predecessor[to] !== none) continue;
        predecessor[to] = from;
        queue[this.visited++] = to;
      }
    }
    return undefined;
  }

  private labelIn(state: number): number {
    return this.query.labelOf[this.query.classOf[state]];
  }
}
