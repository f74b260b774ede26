import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { all, DecisionDiagrams, none } from '../../../src/search/symbolic/decision-diagrams.ts';
import { FairStates } from '../../../src/search/symbolic/fair-cycles/fair-states.ts';
import { Steps } from '../../../src/search/symbolic/fair-cycles/steps.ts';
import { Slices } from '../../../src/search/symbolic/slices.ts';

const bits = 3;
const states = Array.from({ length: 1 << bits }, (_, state) => state);

interface Edge {
  readonly from: number;
  readonly to: number;
}

const state = fc.nat({ max: states.length - 1 });
const edge = fc.record({ from: state, to: state });
const anyGraph = fc.record({
  edges: fc.array(edge, { maxLength: 10 }),
  constraints: fc.array(
    fc.record({
      strong: fc.boolean(),
      edges: fc.array(fc.record({ from: state, to: state, repeatable: fc.integer({ max: 2 }).map((n) => n !== 0) }), {
        minLength: 6,
        maxLength: 12,
      }),
    }),
    { minLength: 2, maxLength: 4 },
  ),
  /** the states that a run must not leave */
  within: fc.subarray(states, { minLength: 2, maxLength: 5 }),
});

type Graph = typeof anyGraph extends fc.Arbitrary<infer T> ? T : never;

const repeatableOf = ({ edges, constraints }: Graph): Edge[] => [
  ...edges,
  ...constraints.flatMap((one) => one.edges.filter(({ repeatable }) => repeatable)),
];

/** Returns the states that some states reach by steps inside a set. */
function reach(from: readonly number[], edges: readonly Edge[], inside: readonly number[]): number[] {
  const reached = [...from];
  for (const at of reached) {
    for (const one of edges) {
      if (one.from === at && inside.includes(one.to) && !reached.includes(one.to)) reached.push(one.to);
    }
  }
  return reached;
}

/** Returns whether a run is fair that visits exactly these states again and again, by all steps between them. */
function isFair({ constraints }: Graph, component: readonly number[]): boolean {
  return constraints.every(({ strong, edges }) => {
    const enabled = component.filter((at) => edges.some(({ from }) => from === at));
    const isBinding = strong ? enabled.length > 0 : enabled.length === component.length;
    const isTaken = edges.some((one) => one.repeatable && component.includes(one.from) && component.includes(one.to));
    return !isBinding || isTaken;
  });
}

/** Returns the states from which a fair run stays inside, by trying every set that it may visit again and again. */
function fairStatesOf(graph: Graph): number[] {
  const edges = repeatableOf(graph);
  const fair = new Set<number>();
  for (let set = 1; set < 1 << states.length; set++) {
    const component = states.filter((at) => (set >> at) & 1);
    if (!component.every((at) => graph.within.includes(at))) continue;
    if (!component.every((at) => reach([at], edges, component).length === component.length)) continue;
    if (isFair(graph, component)) for (const at of component) fair.add(at);
  }
  return graph.within.filter((at) => reach([at], edges, graph.within).some((one) => fair.has(one)));
}

/** Returns what the search on diagrams leaves. */
function fairStatesOnDiagrams(graph: Graph): number[] {
  const diagrams = new DecisionDiagrams(1 << 14);
  const slices = new Slices(diagrams, () => []);
  const numberOf = (state: number, offset: number): number => {
    let set: number = all;
    for (let bit = bits - 1; bit >= 0; bit--) {
      const is = diagrams.variable(2 * bit + offset);
      set = (state >> bit) & 1 ? diagrams.and(set, is) : diagrams.difference(set, is);
    }
    return set;
  };
  const setOf = (some: readonly number[]): number =>
    some.reduce<number>((set, one) => diagrams.or(set, numberOf(one, 0)), none);
  const stepsOf = (edges: readonly Edge[]): Steps => {
    const pairs = edges
      .filter(({ from, to }) => from !== to)
      .reduce<number>((set, { from, to }) => diagrams.or(set, diagrams.and(numberOf(from, 0), numberOf(to, 1))), none);
    const writes = new Uint8Array(bits).fill(1);
    const relation = { id: 0, writes, firstWritten: 0, lastWritten: bits - 1, pairs };
    return new Steps(diagrams, [relation], setOf(edges.filter(({ from, to }) => from === to).map(({ from }) => from)));
  };
  const constraints = graph.constraints.map(({ strong, edges }) => ({
    strong,
    includes: () => false,
    enabled: setOf(edges.map(({ from }) => from)),
    steps: stepsOf(edges.filter(({ repeatable }) => repeatable)),
  }));
  const within = setOf(graph.within);
  const fair = new FairStates(diagrams, within, within, stepsOf(repeatableOf(graph)), constraints);
  for (const _ of fair.find(slices));
  return graph.within.filter((at) => diagrams.implies(numberOf(at, 0), fair.states));
}

describe('the states from which a fair run goes on', () => {
  it('exist where a naive search finds some, and are among those, on random graphs', () => {
    let none = 0;
    let some = 0;
    fc.assert(
      fc.property(anyGraph, (graph) => {
        const expected = fairStatesOf(graph);
        const found = fairStatesOnDiagrams(graph);
        expect(found.length === 0).toBe(expected.length === 0);
        expect(found.filter((at) => !expected.includes(at))).toEqual([]);
        if (expected.length === 0) none++;
        else if (expected.length < graph.within.length) some++;
      }),
      { numRuns: 400 },
    );
    expect(Math.min(none, some)).toBeGreaterThan(10);
  });
});
