import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EdgeCursor, StateGraph } from '../../../src/search/liveness/state-graph.ts';
import { type Edge, graphOf } from './graph-of.ts';

const id = fc.oneof(fc.nat(300), fc.nat(2 ** 31), fc.constantFrom(127, 128, 2 ** 32 - 1));

it('a graph returns the edges that were appended, in order', () => {
  const edges = fc.array(fc.record({ target: id, choice: fc.nat(2 ** 16 - 1) }), { maxLength: 6 });
  fc.assert(
    fc.property(fc.array(edges, { maxLength: 6 }), (states) => {
      const graph = new StateGraph(2 ** 16);
      for (const edges of states) {
        for (const { target, choice } of edges) graph.addEdge(target, choice);
        graph.endState();
      }
      const edge = new EdgeCursor(graph);
      const read = states.map((_, state) => {
        const found: { target: number; choice: number }[] = [];
        edge.seek(state);
        while (edge.next()) found.push({ target: edge.target, choice: edge.choice });
        return found;
      });
      expect(read).toEqual(states);
      expect(graph.edges).toBe(states.flat().length);
    }),
    { numRuns: 200 },
  );
});

it('a graph finds a shortest path to a state', () => {
  const edge = (from: number, to: number, choice: number): Edge => ({ from, to, choice });
  const graph = graphOf(5, [edge(0, 1, 7), edge(0, 2, 8), edge(1, 0, 1), edge(2, 3, 9), edge(1, 2, 2), edge(3, 4, 5)]);
  expect([0, 1, 2, 3, 4].map((state) => graph.pathTo(state))).toEqual([[], [7], [8], [8, 9], [8, 9, 5]]);
});
