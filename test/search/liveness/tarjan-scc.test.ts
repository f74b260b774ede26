import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { StateGraph } from '../../../src/search/liveness/state-graph.ts';
import { TarjanScc } from '../../../src/search/liveness/tarjan-scc.ts';

type Edge = readonly [from: number, to: number, choice: number];

/** Choices of the graph. A run may not take the last one infinitely often. */
const choices = 3;

/** About as many edges as states, so that components of all sizes occur. */
const anyGraph = fc.integer({ min: 1, max: 24 }).chain((states) =>
  fc.record({
    states: fc.constant(states),
    edges: fc.array(fc.tuple(fc.nat(states - 1), fc.nat(states - 1), fc.nat(choices - 1)), {
      maxLength: Math.ceil(1.8 * states),
    }),
    regions: fc.array(fc.shuffledSubarray([...Array(states).keys()]), { minLength: 1, maxLength: 3 }),
  }),
);

function toStateGraph(states: number, edges: readonly Edge[]): StateGraph {
  const sorted = [...edges].sort(([one], [other]) => one - other);
  return {
    states,
    first: Uint32Array.from({ length: states + 1 }, (_, n) => sorted.filter(([from]) => from < n).length),
    target: Uint32Array.from(sorted, ([, to]) => to),
    choice: Uint32Array.from(sorted, ([, , choice]) => choice),
  };
}

/** Returns the components of a region by their definition: sets of states that reach each other inside it. */
function componentsOf(region: readonly number[], edges: readonly Edge[]): number[][] {
  const reachedFrom = (start: number): number[] => {
    const reached = [start];
    for (const at of reached)
      for (const [from, to, choice] of edges)
        if (from === at && choice < choices - 1 && region.includes(to) && !reached.includes(to)) reached.push(to);
    return reached;
  };
  const reach = new Map(region.map((state) => [state, reachedFrom(state)]));
  const components = region.map((one) =>
    region.filter((other) => reach.get(one)?.includes(other) && reach.get(other)?.includes(one)),
  );
  return components.filter((component, n) => component[0] === region[n]);
}

const inOrder = (components: readonly (readonly number[])[]): string[] =>
  components.map((component) => [...component].sort((a, b) => a - b).join()).sort();

describe('the strongly connected components', () => {
  it('of regions of a random graph are the sets of states that reach each other in them', () => {
    fc.assert(
      fc.property(anyGraph, ({ states, edges, regions }) => {
        const query = { graph: toStateGraph(states, edges), allowedInfinitelyOften: Uint8Array.of(1, 1, 0) };
        const scc = new TarjanScc({ ...query, labels: new Uint8Array(states), constraints: [], constraintsOf: [] });
        const ids = new Set<number>();
        let count = 0;
        for (const region of regions) {
          const found: number[][] = [];
          scc.findIn(Uint32Array.from(region), (component, id) => {
            found.push([...component]);
            ids.add(id);
            expect([...component].every((state) => scc.componentOf[state] === id)).toBe(true);
          });
          expect(inOrder(found)).toEqual(inOrder(componentsOf(region, edges)));
          count += found.length;
        }
        expect(ids.size, 'no id is used twice').toBe(count);
        expect(ids.has(0)).toBe(false);
      }),
      { numRuns: 200 },
    );
  });
});
