import { StateGraph } from '../../../src/search/liveness/state-graph.ts';

/** An edge of a small graph. */
export interface Edge {
  readonly from: number;
  readonly to: number;
  readonly choice: number;
}

/** Returns the graph with these edges. Its states have to be numbered in the order of a breadth-first search. */
export function graphOf(states: number, edges: readonly Edge[]): StateGraph {
  const graph = new StateGraph(2 ** 16);
  const depth = [0];
  for (let state = 0; state < states; state++) {
    for (const { to, choice } of edges.filter(({ from }) => from === state)) {
      graph.addEdge(to, choice);
      depth[to] ??= (depth[state] ?? 0) + 1;
    }
    graph.endState();
  }
  for (let level = 1; depth.includes(level); level++) graph.levels.push(depth.indexOf(level));
  return graph;
}
