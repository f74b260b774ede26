import { assertInvariant } from '../assert-invariant.ts';
import type { FairComponents } from './fair-components.ts';
import { type FairCycleQuery, isRequest, StateLabel } from './fair-cycle-query.ts';
import { EdgeCursor } from './state-graph.ts';

/** Most ends of stems. */
const maxStarts = 256;

/** The predecessor of a state that is not reached, and of a request at which a stem becomes pending. */
const none = 2 ** 32 - 1;
const itself = 2 ** 32 - 2;

/**
 * Shortest paths from the initial state, by way of a request, to states of fair components. A path leads to a request,
 * and from there through states without an answer. The first part is a shortest path of the graph; the second is found
 * breadth first, where each level begins with the requests of that level of the graph.
 */
export class Stems {
  /** ends of stems, nearest first */
  readonly starts: readonly { readonly state: number; readonly length: number }[];
  /** by state: its predecessor on a shortest path on which a request is pending */
  private readonly predecessor: Uint32Array;

  constructor(
    private readonly query: FairCycleQuery,
    fair: FairComponents,
  ) {
    const { graph, classOf, labelOf } = query;
    const { states, levels } = graph;
    const predecessor = new Uint32Array(states).fill(none);
    this.predecessor = predecessor;
    const queue = new Uint32Array(states);
    const edge = new EdgeCursor(graph);
    const starts: { state: number; length: number }[] = [];
    let end = 0;
    const visit = (state: number, length: number, from: number): void => {
      if (predecessor[state] !== none) return;
      predecessor[state] = from;
      queue[end++] = state;
      if (fair.isFair(state)) starts.push({ state, length });
    };
    let first = 0;
    for (let length = 0; starts.length < maxStarts && (length < levels.length || first < end); length++) {
      const last = end;
      for (; first < last; first++) {
        const from = queue[first];
        edge.seek(from);
        while (edge.next()) {
          if ((labelOf[classOf[edge.target]] & StateLabel.unanswered) !== 0) visit(edge.target, length, from);
        }
      }
      const levelEnd = levels[length + 1] ?? states;
      for (let state = levels[length] ?? states; state < levelEnd; state++) {
        if (isRequest(labelOf[classOf[state]])) visit(state, length, itself);
      }
    }
    this.starts = starts;
  }

  /** Returns the choices of a shortest stem to a state. */
  to(state: number): number[] {
    const { predecessor } = this;
    const { graph } = this.query;
    const edge = new EdgeCursor(graph);
    const choices: number[] = [];
    let at = state;
    for (; predecessor[at] !== itself; at = predecessor[at]) {
      assertInvariant(edge.findTarget(predecessor[at], at), 'a predecessor has an edge to its successor');
      choices.push(edge.choice);
    }
    return [...graph.pathTo(at), ...choices.reverse()];
  }
}
