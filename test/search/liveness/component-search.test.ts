import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ComponentSearch, outside, unvisited } from '../../../src/search/liveness/component-search.ts';
import { graphOf } from './graph-of.ts';

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
        const query = {
          graph: graphOf(
            states,
            edges.map(([from, to, choice]) => ({ from, to, choice })),
          ),
          classOf: new Uint32Array(states),
          labelOf: Uint8Array.of(0),
          constraints: [],
          constraintsOf: Array.from({ length: choices }, () => []),
          allowedInfinitelyOften: Uint8Array.of(1, 1, 0),
        };
        const marks = new Uint32Array(states).fill(outside);
        const ids = new Set<number>();
        const found: number[][] = [];
        const search = new ComponentSearch(
          query,
          marks,
          (component, id) => {
            found.push([...component]);
            expect([...component].every((state) => marks[state] === id)).toBe(true);
          },
          (state) => found.push([state]),
        );
        for (const region of regions) {
          for (const state of region) marks[state] = unvisited;
          for (const state of region)
            for (const _ of search.searchFrom(state, 2)) expect(marks[state]).not.toBe(outside);
          expect(inOrder(found)).toEqual(inOrder(componentsOf(region, edges)));
          for (const [state] of found.splice(0)) {
            expect(ids.has(marks[state as number] as number), 'no id is used twice').toBe(false);
            ids.add(marks[state as number] as number);
          }
          marks.fill(outside);
        }
      }),
      { numRuns: 200 },
    );
  });
});
