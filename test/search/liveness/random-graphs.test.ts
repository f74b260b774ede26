import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fairComponents } from '../../../src/search/liveness/fair-components.ts';
import { findLasso, type Lasso } from '../../../src/search/liveness/lasso.ts';
import { type FairCycleQuery, type FairnessConstraint, StateLabel } from '../../../src/search/liveness/state-graph.ts';

interface Edge {
  readonly from: number;
  readonly to: number;
  readonly choice: number;
}

/** A small graph in plain data, and what is asked of it. */
interface Small {
  readonly marks: readonly number[];
  readonly edges: readonly Edge[];
  readonly demands: readonly (FairnessConstraint & { readonly choices: readonly number[] })[];
  readonly mayRepeat: readonly boolean[];
}

const choiceCount = 5;
const state = fc.nat({ max: 5 });
const choice = fc.nat({ max: choiceCount - 1 });

const small: fc.Arbitrary<Small> = fc
  .record({
    /** open, owed as well, and whether the strong premise counts: mostly open, or else there is nothing to find */
    marks: fc.array(
      fc.tuple(fc.constantFrom(0, 1, 1, 1, 3), fc.constantFrom(0, StateLabel.firstPremise)).map(([a, b]) => a | b),
      { minLength: 6, maxLength: 6 },
    ),
    edges: fc.uniqueArray(fc.record({ from: state, to: state, choice }), {
      maxLength: 14,
      selector: ({ from, choice }) => from * choiceCount + choice,
    }),
    demands: fc.array(
      fc.record({
        strong: fc.boolean(),
        mark: fc.constantFrom(0, 0, StateLabel.firstPremise),
        choices: fc.uniqueArray(choice, { minLength: 1, maxLength: 3 }),
      }),
      { maxLength: 4 },
    ),
    mayRepeat: fc.array(
      fc.integer({ max: 4 }).map((n) => n !== 0),
      { minLength: choiceCount, maxLength: choiceCount },
    ),
  })
  .map(onlyReachable);

/** The states that can be reached from state 0, numbered anew. */
function onlyReachable({ marks, edges, ...rest }: Small): Small {
  const order = [0];
  for (const at of order) for (const { from, to } of edges) if (from === at && !order.includes(to)) order.push(to);
  const number = (old: number): number => order.indexOf(old);
  return {
    ...rest,
    marks: order.map((old) => marks[old] as number),
    edges: edges
      .filter(({ from }) => order.includes(from))
      .map(({ from, to, choice }) => ({ from: number(from), to: number(to), choice }))
      .sort((a, b) => a.from - b.from || a.choice - b.choice),
  };
}

function questionOf({ marks, edges, demands, mayRepeat }: Small): FairCycleQuery {
  const first = Array.from({ length: marks.length + 1 }, (_, n) => edges.filter(({ from }) => from < n).length);
  return {
    graph: {
      states: marks.length,
      first: Uint32Array.from(first),
      target: Uint32Array.from(edges, ({ to }) => to),
      choice: Uint32Array.from(edges, ({ choice }) => choice),
    },
    marks: Uint8Array.from(marks),
    demands,
    demandsOf: Array.from({ length: choiceCount }, (_, one) =>
      demands.flatMap(({ choices }, d) => (choices.includes(one) ? [d] : [])),
    ),
    allowedInfinitelyOften: Uint8Array.from(mayRepeat, Number),
  };
}

/** Whether a run that visits just these states, and takes just these edges, again and again is fair. */
function isFair({ marks, edges, demands }: Small, states: readonly number[], taken: readonly Edge[]): boolean {
  const asks = (d: number, { from, choice }: Edge): boolean => {
    const { mark, choices } = demands[d] as Small['demands'][number];
    return choices.includes(choice) && (mark === 0 || ((marks[from] as number) & mark) !== 0);
  };
  return demands.every(({ strong }, d) => {
    const raised = states.filter((at) => edges.some((edge) => edge.from === at && asks(d, edge)));
    const isRaised = strong ? raised.length > 0 : raised.length === states.length;
    return !isRaised || taken.some((edge) => asks(d, edge));
  });
}

/** Tries every set of states as those that a run visits for ever. */
function existsNaively(graph: Small): boolean {
  const { marks, edges, mayRepeat } = graph;
  const isOpen = (at: number): boolean => ((marks[at] as number) & StateLabel.open) !== 0;
  const closure = (from: readonly number[], by: readonly Edge[]): number[] => {
    const seen = [...from];
    for (const at of seen) for (const { from, to } of by) if (from === at && !seen.includes(to)) seen.push(to);
    return seen;
  };
  const owed = closure(
    marks.flatMap((mark, at) => (mark & StateLabel.owed ? [at] : [])),
    edges.filter(({ to }) => isOpen(to)),
  );
  for (let set = 1; set < 1 << marks.length; set++) {
    const states = marks.flatMap((_, at) => ((set >> at) & 1 ? [at] : []));
    if (!states.every((at) => owed.includes(at))) continue;
    const inside = edges.filter(
      ({ from, to, choice }) => states.includes(from) && states.includes(to) && mayRepeat[choice],
    );
    const isConnected = states.every((at) => closure([at], inside).length === states.length);
    if (isConnected && isFair(graph, states, inside)) return true;
  }
  return false;
}

/** Walks a lasso, and looks whether it is what it has to be. */
function isCounterexample(graph: Small, { stem, cycle }: Lasso): boolean {
  const { marks, edges, mayRepeat } = graph;
  const path: Edge[] = [];
  let at = 0;
  for (const choice of [...stem, ...cycle]) {
    const edge = edges.find((one) => one.from === at && one.choice === choice);
    if (!edge) return false;
    path.push(edge);
    at = edge.to;
  }
  const visited = [0, ...path.map(({ to }) => to)];
  const loop = path.slice(stem.length);
  const start = visited[stem.length] as number;
  const lastGiven = visited.findLastIndex((state) => !((marks[state] as number) & StateLabel.open));
  const isOwed = visited.slice(lastGiven + 1).some((state) => (marks[state] as number) & StateLabel.owed);
  const states = [...new Set([start, ...loop.map(({ to }) => to)])];
  return (
    at === start &&
    lastGiven < stem.length &&
    isOwed &&
    loop.every(({ choice }) => mayRepeat[choice]) &&
    isFair(graph, states, loop)
  );
}

describe('the search for fair cycles, on random small graphs', () => {
  it('finds one where trying every set of states finds one, and a lasso that is a fair run', () => {
    let found = 0;
    fc.assert(
      fc.property(small, (graph) => {
        const question = questionOf(graph);
        const fair = fairComponents(question);
        expect(fair.count > 0).toBe(existsNaively(graph));
        if (fair.count === 0) return;
        found++;
        expect(findLasso(question, fair)).toSatisfy((lasso: Lasso) => isCounterexample(graph, lasso));
      }),
      { numRuns: 1000 },
    );
    expect(found).toBeGreaterThan(100);
    expect(found).toBeLessThan(900);
  });
});
