import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FairComponents, fairComponents } from '../../../src/search/liveness/fair-components.ts';
import {
  type FairCycleQuery,
  type FairnessConstraint,
  isRequest,
  StateLabel,
} from '../../../src/search/liveness/fair-cycle-query.ts';
import { findLasso, type Lasso } from '../../../src/search/liveness/lasso.ts';
import { type Edge, graphOf } from './graph-of.ts';

/** A small query in plain data. */
interface SmallQuery {
  readonly labels: readonly number[];
  readonly edges: readonly Edge[];
  readonly constraints: readonly (FairnessConstraint & { readonly choices: readonly number[] })[];
  readonly allowedInfinitelyOften: readonly boolean[];
}

const choiceCount = 5;
const state = fc.nat({ max: 5 });
const choice = fc.nat({ max: choiceCount - 1 });

const anyQuery: fc.Arbitrary<SmallQuery> = fc
  .record({
    /** Most states are unanswered: otherwise few queries have a fair cycle. */
    labels: fc.array(
      fc.tuple(fc.constantFrom(0, 1, 1, 1, 2, 3), fc.constantFrom(0, StateLabel.firstPremise)).map(([a, b]) => a | b),
      { minLength: 6, maxLength: 6 },
    ),
    edges: fc.uniqueArray(fc.record({ from: state, to: state, choice }), {
      maxLength: 14,
      selector: ({ from, choice }) => from * choiceCount + choice,
    }),
    constraints: fc.array(
      fc.record({
        strong: fc.boolean(),
        label: fc.constantFrom(0, 0, StateLabel.firstPremise),
        choices: fc.uniqueArray(choice, { minLength: 1, maxLength: 3 }),
      }),
      { maxLength: 4 },
    ),
    allowedInfinitelyOften: fc.array(
      fc.integer({ max: 4 }).map((n) => n !== 0),
      { minLength: choiceCount, maxLength: choiceCount },
    ),
  })
  .map(restrictToReachable);

/** Removes the states that state 0 does not reach, and renumbers the rest. */
function restrictToReachable({ labels, edges, ...rest }: SmallQuery): SmallQuery {
  const order = [0];
  for (const at of order) for (const { from, to } of edges) if (from === at && !order.includes(to)) order.push(to);
  const renumber = (state: number): number => order.indexOf(state);
  return {
    ...rest,
    labels: order.map((state) => labels[state] as number),
    edges: edges
      .filter(({ from }) => order.includes(from))
      .map(({ from, to, choice }) => ({ from: renumber(from), to: renumber(to), choice }))
      .sort((a, b) => a.from - b.from || a.choice - b.choice),
  };
}

function toFairCycleQuery({ labels, edges, constraints, allowedInfinitelyOften }: SmallQuery): FairCycleQuery {
  return {
    graph: graphOf(labels.length, edges),
    // Each state is a class by itself.
    classOf: Uint32Array.from(labels.keys()),
    labelOf: Uint8Array.from(labels),
    constraints,
    constraintsOf: Array.from({ length: choiceCount }, (_, choice) =>
      constraints.flatMap(({ choices }, c) => (choices.includes(choice) ? [c] : [])),
    ),
    allowedInfinitelyOften: Uint8Array.from(allowedInfinitelyOften, Number),
  };
}

/** Returns true if a run is fair that visits exactly these states and takes exactly these edges infinitely often. */
function isFair(
  { labels, edges, constraints }: SmallQuery,
  states: readonly number[],
  taken: readonly Edge[],
): boolean {
  const belongsTo = (c: number, { from, choice }: Edge): boolean => {
    const { label, choices } = constraints[c] as SmallQuery['constraints'][number];
    return choices.includes(choice) && (label === 0 || ((labels[from] as number) & label) !== 0);
  };
  return constraints.every(({ strong }, c) => {
    const enabledIn = states.filter((at) => edges.some((edge) => edge.from === at && belongsTo(c, edge)));
    const isBinding = strong ? enabledIn.length > 0 : enabledIn.length === states.length;
    return !isBinding || taken.some((edge) => belongsTo(c, edge));
  });
}

/** Decides a query naively: tries every set of states as those that a run visits infinitely often. */
function hasFairCycle(query: SmallQuery): boolean {
  const { labels, edges, allowedInfinitelyOften } = query;
  const isUnanswered = (at: number): boolean => ((labels[at] as number) & StateLabel.unanswered) !== 0;
  const closure = (sources: readonly number[], steps: readonly Edge[]): number[] => {
    const reached = [...sources];
    for (const at of reached) {
      for (const { from, to } of steps) if (from === at && !reached.includes(to)) reached.push(to);
    }
    return reached;
  };
  const pending = closure(
    labels.flatMap((label, at) => (isRequest(label) ? [at] : [])),
    edges.filter(({ to }) => isUnanswered(to)),
  );
  for (let set = 1; set < 1 << labels.length; set++) {
    const states = labels.flatMap((_, at) => ((set >> at) & 1 ? [at] : []));
    if (!states.every((at) => pending.includes(at))) continue;
    const inside = edges.filter(
      ({ from, to, choice }) => states.includes(from) && states.includes(to) && allowedInfinitelyOften[choice],
    );
    const isConnected = states.every((at) => closure([at], inside).length === states.length);
    if (isConnected && isFair(query, states, inside)) return true;
  }
  return false;
}

/** Returns true if a lasso is a fair run of the graph that violates the property. */
function isCounterexample(query: SmallQuery, { stem, cycle }: Lasso): boolean {
  const { labels, edges, allowedInfinitelyOften } = query;
  const path: Edge[] = [];
  let at = 0;
  for (const choice of [...stem, ...cycle]) {
    const edge = edges.find((candidate) => candidate.from === at && candidate.choice === choice);
    if (!edge) return false;
    path.push(edge);
    at = edge.to;
  }
  const visited = [0, ...path.map(({ to }) => to)];
  const loop = path.slice(stem.length);
  const start = visited[stem.length] as number;
  const lastAnswer = visited.findLastIndex((state) => !((labels[state] as number) & StateLabel.unanswered));
  const isPending = visited.slice(lastAnswer + 1).some((state) => isRequest(labels[state] as number));
  const states = [...new Set([start, ...loop.map(({ to }) => to)])];
  return (
    at === start &&
    lastAnswer < stem.length &&
    isPending &&
    loop.every(({ choice }) => allowedInfinitelyOften[choice]) &&
    isFair(query, states, loop)
  );
}

function fairComponentsOf(query: FairCycleQuery): FairComponents {
  const search = fairComponents(query);
  for (let turn = search.next(); ; turn = search.next()) if (turn.done) return turn.value;
}

describe('the search for fair cycles', () => {
  it('agrees with a naive search on random graphs, and its lassos are fair runs', () => {
    let violated = 0;
    fc.assert(
      fc.property(anyQuery, (small) => {
        const query = toFairCycleQuery(small);
        const fair = fairComponentsOf(query);
        expect(fair.count > 0).toBe(hasFairCycle(small));
        if (fair.count === 0) return;
        violated++;
        expect(findLasso(query, fair)).toSatisfy((lasso: Lasso) => isCounterexample(small, lasso));
      }),
      { numRuns: 1000 },
    );
    expect(violated).toBeGreaterThan(100);
    expect(violated).toBeLessThan(900);
  });
});
