import type { FairComponents } from './fair-components.ts';
import { type FairCycleQuery, StateLabel } from './state-graph.ts';

/** A run that goes on for ever: choices that are taken once, and choices that are repeated after them. */
export interface Lasso {
  readonly stem: readonly number[];
  /** nothing at all happens after the stem where there are none */
  readonly cycle: readonly number[];
}

/** How many places to begin a cycle at are compared, and how many edges are looked at for that. */
const mostStarts = 256;
const mostEdges = 20_000_000;

/**
 * A short lasso into a fair component: the stem is one of the shortest to where its cycle begins, and the cycle goes from one place that
 * meets a demand to the nearest that meets another. The shortest of those that were tried; a shorter one may exist.
 */
export function findLasso(question: FairCycleQuery, fair: FairComponents): Lasso {
  const stems = new Stems(question, fair);
  const cycles = new Cycles(question, fair);
  let best: Lasso | undefined;
  for (const { state, length } of stems.starts) {
    if (best && (length >= best.stem.length + best.cycle.length || cycles.edgesSeen > mostEdges)) break;
    const cycle = cycles.from(state);
    if (best && length + cycle.length >= best.stem.length + best.cycle.length) continue;
    best = { stem: stems.to(state), cycle };
  }
  return best as Lasso;
}

/** What stands before the initial state. */
const nothing = 0xffffffff;

/** Shortest ways from the initial state, by way of one where something is owed, to states of fair components. */
class Stems {
  /** nearest first */
  readonly starts: readonly { readonly state: number; readonly length: number }[];
  /** twice each state: not owed yet, and owed */
  private readonly before: Uint32Array;
  private readonly choice: Uint32Array;

  constructor(question: FairCycleQuery, fair: FairComponents) {
    const { graph, marks } = question;
    const { states, first, target, choice } = graph;
    this.before = new Uint32Array(2 * states);
    this.choice = new Uint32Array(2 * states);
    const length = new Int32Array(2 * states).fill(-1);
    const queue = new Uint32Array(2 * states);
    const starts: { state: number; length: number }[] = [];
    let end = 0;
    const visit = (node: number, steps: number, before: number, taken: number): void => {
      if (length[node] !== -1) return;
      length[node] = steps;
      this.before[node] = before;
      this.choice[node] = taken;
      queue[end++] = node;
      const state = node >>> 1;
      if (node & 1 && fair.number[state] !== 0) starts.push({ state, length: steps });
      if (!(node & 1) && marks[state] & StateLabel.owed) visit(node + 1, steps, before, taken);
    };
    visit(0, 0, nothing, 0);
    for (let n = 0; n < end && starts.length < mostStarts; n++) {
      const node = queue[n];
      const state = node >>> 1;
      const isOwed = node & 1;
      for (let edge = first[state]; edge < first[state + 1]; edge++) {
        const next = target[edge];
        if (isOwed && !(marks[next] & StateLabel.open)) continue;
        visit(2 * next + isOwed, length[node] + 1, node, choice[edge]);
      }
    }
    this.starts = starts;
  }

  to(state: number): number[] {
    const choices: number[] = [];
    for (let node = 2 * state + 1; this.before[node] !== nothing; node = this.before[node]) {
      choices.push(this.choice[node]);
    }
    return choices.reverse();
  }
}

interface Edge {
  readonly from: number;
  readonly to: number;
  readonly choice: number;
}

/** Ways around inside fair components. */
class Cycles {
  edgesSeen = 0;
  private readonly seen: Uint32Array;
  private readonly by: Uint32Array;
  private readonly source: Uint32Array;
  private readonly queue: Uint32Array;
  private searches = 0;

  constructor(
    private readonly question: FairCycleQuery,
    private readonly fair: FairComponents,
  ) {
    const { states } = question.graph;
    this.seen = new Uint32Array(states);
    this.by = new Uint32Array(states);
    this.source = new Uint32Array(states);
    this.queue = new Uint32Array(states);
  }

  /** A cycle from a state to itself that meets every demand; no step at all where nothing is demanded there. */
  from(start: number): number[] {
    const { demands } = this.question;
    const raisedAtStart = this.raisedAt(start);
    if (raisedAtStart.size === 0) return [];
    const strong = this.raisedAround(start);
    const unmet = new Set(demands.flatMap((demand, d) => ((demand.strong ? strong : raisedAtStart).has(d) ? [d] : [])));
    const cycle: Edge[] = [];
    let at = start;
    while (unmet.size > 0) {
      const path = this.nearest(at, (edge) => this.meets(edge, unmet).length > 0);
      for (const edge of path) for (const d of this.meets(edge, unmet)) unmet.delete(d);
      cycle.push(...path);
      at = (path.at(-1) as Edge).to;
    }
    if (at !== start) cycle.push(...this.nearest(at, ({ to }) => to === start));
    return cycle.map(({ choice }) => choice);
  }

  /** Those of the demands that an edge meets: they ask for its event, or they are weak and not raised where it leads to. */
  private meets({ from, to, choice }: Edge, unmet: ReadonlySet<number>): number[] {
    const { demands, demandsOf, marks } = this.question;
    const raised = this.raisedAt(to);
    return [...unmet].filter((d) => {
      const { strong, mark } = demands[d];
      if (!strong && !raised.has(d)) return true;
      return demandsOf[choice]?.includes(d) && (mark === 0 || (marks[from] & mark) !== 0);
    });
  }

  /** The demands that a state raises. */
  private raisedAt(state: number): Set<number> {
    const { graph, demands, demandsOf, marks } = this.question;
    const raised = new Set<number>();
    for (let edge = graph.first[state]; edge < graph.first[state + 1]; edge++) {
      for (const d of demandsOf[graph.choice[edge]]) {
        const { mark } = demands[d];
        if (mark === 0 || (marks[state] & mark) !== 0) raised.add(d);
      }
    }
    return raised;
  }

  /** The demands that some state of the same component raises. */
  private raisedAround(start: number): Set<number> {
    const raised = this.raisedAt(start);
    this.search(start, ({ to }) => {
      for (const d of this.raisedAt(to)) raised.add(d);
      return false;
    });
    return raised;
  }

  /** A shortest path inside the component that ends with an edge of the kind that is looked for. */
  private nearest(start: number, isGoal: (edge: Edge) => boolean): Edge[] {
    const last = this.search(start, isGoal) as Edge;
    const path = [last];
    for (let state = last.from; state !== start; state = path[0].from) {
      path.unshift({ from: this.source[state], to: state, choice: this.by[state] });
    }
    return path;
  }

  /** Looks at the edges of the component of a state, nearest first, up to the first that is a goal. */
  private search(start: number, isGoal: (edge: Edge) => boolean): Edge | undefined {
    const { graph, allowedInfinitelyOften } = this.question;
    const { number } = this.fair;
    const { seen, source, by, queue } = this;
    const search = ++this.searches;
    seen[start] = search;
    queue[0] = start;
    for (let n = 0, end = 1; n < end; n++) {
      const from = queue[n];
      for (let at = graph.first[from]; at < graph.first[from + 1]; at++) {
        const to = graph.target[at];
        const choice = graph.choice[at];
        if (allowedInfinitelyOften[choice] === 0 || number[to] !== number[start]) continue;
        this.edgesSeen++;
        if (isGoal({ from, to, choice })) return { from, to, choice };
        if (seen[to] === search) continue;
        seen[to] = search;
        source[to] = from;
        by[to] = choice;
        queue[end++] = to;
      }
    }
    return undefined;
  }
}
