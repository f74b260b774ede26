import type { FairCycleQuery } from './state-graph.ts';

/**
 * The strongly connected components of parts of a graph, by edges that may be taken for ever (R. Tarjan, "Depth-first search and linear graph
 * algorithms", 1972), without recursion.
 */
export class TarjanScc {
  /** by state: the number of its component; components of different parts never share a number */
  readonly componentOf: Uint32Array;
  private readonly part: Uint32Array;
  private readonly index: Uint32Array;
  private readonly low: Uint32Array;
  private readonly nextEdge: Uint32Array;
  private readonly stack: Uint32Array;
  private readonly path: Uint32Array;
  private parts = 0;
  private count = 0;

  constructor(private readonly question: FairCycleQuery) {
    const { states } = question.graph;
    this.componentOf = new Uint32Array(states);
    this.part = new Uint32Array(states);
    this.index = new Uint32Array(states);
    this.low = new Uint32Array(states);
    this.nextEdge = new Uint32Array(states);
    this.stack = new Uint32Array(states);
    this.path = new Uint32Array(states);
  }

  /** Calls `found` with each component of a part of the graph; the array that it gets is overwritten later. */
  of(part: Uint32Array, found: (component: Uint32Array, componentOf: number) => void): void {
    const mine = ++this.parts;
    for (const state of part) {
      this.part[state] = mine;
      this.index[state] = 0;
      this.componentOf[state] = 0;
    }
    let visited = 0;
    for (const state of part) if (this.index[state] === 0) visited = this.walk(state, mine, visited, found);
  }

  private walk(
    root: number,
    mine: number,
    before: number,
    found: (component: Uint32Array, componentOf: number) => void,
  ): number {
    const { part, index, low, nextEdge, stack, path, componentOf } = this;
    const { graph, allowedInfinitelyOften } = this.question;
    const { first, target, choice } = graph;
    let visited = before;
    let height = 0;
    let depth = 0;
    const visit = (state: number): void => {
      index[state] = low[state] = ++visited;
      nextEdge[state] = first[state];
      stack[height++] = path[depth++] = state;
    };
    visit(root);
    while (depth > 0) {
      const state = path[depth - 1];
      const edge = nextEdge[state];
      if (edge < first[state + 1]) {
        nextEdge[state] = edge + 1;
        const next = target[edge];
        if (allowedInfinitelyOften[choice[edge]] === 0 || part[next] !== mine) continue;
        if (index[next] === 0) visit(next);
        else if (componentOf[next] === 0) low[state] = Math.min(low[state], index[next]);
        continue;
      }
      depth--;
      if (depth > 0) {
        const parent = path[depth - 1];
        low[parent] = Math.min(low[parent], low[state]);
      }
      if (low[state] !== index[state]) continue;
      const end = height;
      this.count++;
      do componentOf[stack[--height]] = this.count;
      while (stack[height] !== state);
      found(stack.subarray(height, end), this.count);
    }
    return visited;
  }
}
