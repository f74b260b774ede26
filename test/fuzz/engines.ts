import {
  breadthFirstSearch,
  type Engine,
  type Exploration,
  type Limits,
  liveness,
  PrecopyError,
  type Program,
  runEngine,
} from 'precopy';
import { preemptionBoundedSearch } from '../../src/search/bfs/preemption-bound.ts';
import { bitstate } from '../../src/search/dfs/bitstate.ts';
import { dpor } from '../../src/search/dpor/dpor.ts';
import { sampleSchedules } from '../../src/search/random/schedule-sampling.ts';
import { symbolicLiveness } from '../../src/search/symbolic/fair-cycles/symbolic-liveness.ts';
import type { Pace } from '../../src/search/symbolic/slices.ts';
import { type SymbolicLimits, symbolicSearch } from '../../src/search/symbolic/symbolic-search.ts';
import { symmetryReducedSearch } from '../../src/search/symmetry/symmetry-search.ts';
import { countViolations } from '../reference/all-violations.ts';
import { isViolated, obligationsOf } from '../reference/fairness.ts';
import { countOrbits, permutationsOf } from '../reference/orbits.ts';
import { preemptions, searchSafety, stepsOfEachActor, wellFormed } from '../reference/safety.ts';
import type { SymmetrySpecification } from '../reference/specification.ts';
import { agree, type Case, Disagreement } from './case.ts';
import { checkCounterexample, checkVerdict } from './counterexamples.ts';
import { resumedSearch } from './resumed-search.ts';
import { searchInPhases } from './search-in-phases.ts';

/** Most memory of a search: more than any needs, and little to reserve. */
const limits: Limits = { maxMemoryBytes: 2 ** 26 };

/** A comparison of an engine with the reference. It throws a `Disagreement`. */
export interface Comparison {
  readonly name: string;
  /** whether it says something of a system */
  applies(one: Case): boolean;
  run(one: Case): void;
}

const always = (): boolean => true;
const isProof = ({ verdict }: Exploration): boolean => verdict === 'holds';

/** Checks all that a breadth-first search says, but for the counts of one under a reduction. */
function checkSearch(one: Case, program: Program, found: Exploration, safety = one.safety): void {
  agree('verdict', found.verdict, safety.length === undefined ? 'holds' : 'violated');
  const { violation, depth, covers } = found;
  if (violation) {
    agree('length', violation.schedule.length, safety.length);
    if (!safety.nearest.has(violation.property)) {
      throw new Disagreement('the violated property', violation.property, [...safety.nearest]);
    }
    checkCounterexample(one, program, violation);
  } else {
    agree('depth', depth, safety.depth);
    const expected = covers.map(({ id }) => ({ id, hit: safety.covers.has(id) }));
    agree('covers', covers, expected);
  }
  const properties = found.properties.map(({ id, verdict }) => ({ id, verdict }));
  const ids = one.properties.flatMap(({ id, kind }) => (kind === 'reachable' || kind === 'leadsTo' ? [] : [id]));
  const verdictOf = (id: string): string => {
    if (!violation) return 'holds';
    return id === violation.property ? 'violated' : 'inconclusive';
  };
  agree(
    'verdicts',
    properties,
    [...ids, wellFormed].map((id) => ({ id, verdict: verdictOf(id) })),
  );
}

/** Returns what two searches that are the same in the end have in common. */
const resultOf = ({ verdict, states, transitions, depth, covers, violation }: Exploration) => ({
  verdict,
  states,
  transitions,
  depth,
  covers,
  violation,
});

const exhaustive: Comparison = {
  name: 'exhaustive',
  applies: always,
  run(one) {
    const program = one.cached();
    const found = runEngine(breadthFirstSearch(program, limits));
    checkSearch(one, program, found);
    if (isProof(found)) {
      agree('states', found.states, one.safety.states);
      agree('transitions', found.transitions, one.safety.transitions);
    }
  },
};

/** Returns what a search finds; undefined if it has bitmaps that decision diagrams do not take. */
function whereSupported(search: () => Exploration): Exploration | undefined {
  try {
    return search();
  } catch (error) {
    if (error instanceof PrecopyError && error.message.includes('at most 32 bits')) return undefined;
    throw error;
  }
}

/** Every operation on diagrams pauses again and again, and nodes are freed at once. */
const pace: Pace = { results: 32, nodes: 64 };

const symbolic = (name: string, { byLevels = false, ...other }: SymbolicLimits): Comparison => ({
  name,
  applies: always,
  run(one) {
    const program = one.cached();
    const found = whereSupported(() => runEngine(symbolicSearch(program, { ...limits, ...other, byLevels })));
    if (!found) return;
    // Saturation has no levels.
    checkSearch(one, program, byLevels || !isProof(found) ? found : { ...found, depth: one.safety.depth });
    if (isProof(found)) {
      agree('states', found.states, one.safety.states);
      agree('transitions', found.transitions, one.safety.transitions);
    }
  },
});

const uncached: Comparison = {
  name: 'uncached',
  applies: always,
  run(one) {
    const found = runEngine(breadthFirstSearch(one.plain(), { ...limits, coverage: true }));
    agree('cached', resultOf(runEngine(breadthFirstSearch(one.cached(), limits))), resultOf(found));
    checkSearch(one, one.plain(), found);
    const { coverage } = found;
    const taken = coverage?.transitions.reduce((sum, transition) => sum + transition.newStates, 0);
    if (isProof(found)) agree('new states by transitions, drains not counted', (taken ?? 0) < found.states, true);
  },
};

const coverage: Comparison = {
  name: 'coverage',
  applies: always,
  run(one) {
    const of = (program: Program) => runEngine(breadthFirstSearch(program, { ...limits, coverage: true })).coverage;
    const [cached, plain] = [of(one.cached()), of(one.plain())];
    agree('coverage', cached?.transitions, plain?.transitions);
    if (one.safety.length !== undefined) return;
    const { system, nodes } = one.graph;
    const same = system.cells.filter((_, n) => {
      const values = new Set(nodes.map(({ state }) => JSON.stringify(state.cells[n])));
      return values.size <= 1;
    });
    const dead = cached?.deadCells.filter((name) => system.indexOf(name) >= 0);
    agree(
      'dead cells that change',
      dead?.filter((name) => !same.some((cell) => cell.name === name)),
      [],
    );
  },
};

const partialOrder: Comparison = {
  name: 'partial-order',
  applies: always,
  run(one) {
    const program = one.cached();
    const found = runEngine(breadthFirstSearch(program, { ...limits, partialOrder: true }));
    checkSearch(one, program, found);
    if (isProof(found)) agree('states', found.states, one.safety.states);
  },
};

const symmetry = (partialOrder: boolean): Comparison => ({
  name: partialOrder ? 'symmetry and partial-order' : 'symmetry',
  applies: ({ sample }) => sample.specification.symmetry !== undefined,
  run(one) {
    const program = one.cached();
    let found: Exploration;
    try {
      found = runEngine(symmetryReducedSearch(program, { ...limits, partialOrder }));
    } catch (error) {
      if (error instanceof PrecopyError && error.code === 'NOT_SOUND') return;
      throw error;
    }
    checkSearch(one, program, found);
    const specification = one.sample.specification.symmetry as SymmetrySpecification;
    if (!isProof(found) || permutationsOf(one.graph.system, specification).length > 24) return;
    agree('orbits', found.states, countOrbits(one.graph, specification));
  },
});

const preemptionBound = (bound: number): Comparison => ({
  name: `preemptions ${bound}`,
  applies: always,
  run(one) {
    const { graph, properties } = one;
    const safety = searchSafety(graph, properties, preemptions(graph.nodes, bound));
    const program = one.cached();
    const found = runEngine(preemptionBoundedSearch(program, bound, limits));
    if (found.verdict === 'inconclusive') agree('verdict', found.stoppedBy, 'preemptions');
    else checkSearch(one, program, found, safety);
    if (safety.isRestricted && safety.length === undefined) agree('verdict', found.verdict, 'inconclusive');
    if (isProof(found)) agree('holds', [...one.safety.violated], []);
    if (safety.length === undefined) agree('states', found.states, safety.states);
  },
});

const dporSearch: Comparison = {
  name: 'dpor',
  applies: ({ graph: { system, nodes } }) => nodes.length * 3 ** system.actors.length < 20_000,
  run(one) {
    const { graph, properties, sample } = one;
    const depth = sample.kind === 'ending' ? 6 : 2;
    const actors = graph.system.actors.length;
    const safety = searchSafety(graph, properties, stepsOfEachActor(actors, depth));
    const program = one.cached();
    const found = runEngine(dpor(program, { depth }), ({ transitions }) => (transitions > 20_000 ? 'time' : undefined));
    checkVerdict(one, program, found, one.safety);
    if (found.stoppedBy === 'time') return;
    agree('verdict', found.verdict === 'violated', safety.length !== undefined);
    if (isProof(found)) agree('holds', [...one.safety.violated], []);
    if (found.verdict !== 'violated') {
      agree('covers', found.covers.filter(({ hit }) => hit).length <= safety.covers.size, true);
    }
  },
};

const bitstateSearch: Comparison = {
  name: 'bitstate',
  applies: always,
  run(one) {
    const program = one.cached();
    const found = runEngine(bitstate(program, { seed: one.sample.seed, depth: 10_000, bytes: 2 ** 20 }));
    checkVerdict(one, program, found, one.safety);
    agree('verdict', found.verdict === 'violated', one.safety.length !== undefined);
    if (one.safety.length === undefined) agree('states', found.states, one.safety.states);
  },
};

const sampling = (strategy: 'random' | 'pct' | 'pos'): Comparison => ({
  name: strategy,
  applies: always,
  run(one) {
    const program = one.cached();
    const options = { strategy, seed: one.sample.seed, runs: 12, depth: 25, bugDepth: 3 };
    const found = runEngine(sampleSchedules(program, options));
    checkVerdict(one, program, found, one.safety, 'races');
    if (isProof(found)) throw new Disagreement('verdict', 'holds', 'nothing is proved by samples');
  },
});

const livenessSearch = (name: string, search: (program: Program, limits: Limits) => Engine): Comparison => ({
  name,
  applies: ({ properties }) => properties.some(({ kind }) => kind === 'leadsTo'),
  run(one) {
    const program = one.cached();
    const found = whereSupported(() => runEngine(search(program, limits)));
    if (!found) return;
    const { nodes } = one.graph;
    const isFaulty =
      nodes.length === 0 || nodes.some(({ edges, isRace }) => isRace || edges.some(({ target }) => target < 0));
    if (isFaulty) {
      agree('the verdict beside a fault', found.verdict === 'holds', false);
      if (found.violation) checkCounterexample(one, program, found.violation, 'invariants');
      return;
    }
    const transitions = 1 + nodes.reduce((sum, { edges }) => sum + edges.length, 0);
    agree('figures', [found.states, found.transitions], [nodes.length, transitions]);
    const decided = one.properties.flatMap((property) => {
      if (property.kind !== 'leadsTo') return [];
      const obligations = obligationsOf(one.graph, property);
      const verdict = obligations.some((obligation) => isViolated(one.graph, obligation)) ? 'violated' : 'holds';
      return [{ id: property.id, verdict, hit: obligations.some(({ isNonVacuous }) => isNonVacuous) }];
    });
    const expected = decided.map(({ id, verdict }) => ({ id, verdict }));
    agree(
      'premises that hold in some state',
      found.covers,
      decided.map(({ id, hit }) => ({ id, hit })),
    );
    agree('verdicts', found.properties, expected);
    if (found.violation) checkCounterexample(one, program, found.violation, 'invariants');
  },
});

const resumed: Comparison = {
  name: 'resumed',
  applies: always,
  run(one) {
    for (const options of [limits, { ...limits, partialOrder: true, coverage: true }]) {
      const found = resumedSearch(() => one.cached(), options, one.sample.seed);
      const once = runEngine(breadthFirstSearch(one.cached(), options));
      agree('a search that was stopped and resumed', found, once);
    }
  },
};

const phases: Comparison = {
  name: 'phases',
  applies: ({ safety }) => safety.length === undefined,
  run(one) {
    const found = searchInPhases(() => one.cached(), one.sample.seed);
    agree('states', found, { states: one.safety.states, transitions: one.safety.transitions });
  },
};

const allViolations: Comparison = {
  name: 'all',
  applies: ({ graph }) => graph.nodes.length > 0,
  run(one) {
    const program = one.sample.seed % 2 === 0 ? one.cached() : one.plain();
    const { all, states, transitions } = runEngine(breadthFirstSearch(program, { ...limits, all: true }));
    const expected = countViolations(one.graph, one.properties);
    agree('figures', { states, transitions }, { states: expected.states, transitions: expected.transitions });
    agree(
      'terminal states',
      [all?.terminalStates, all?.deadlockedStates],
      [expected.terminalStates, expected.deadlockedStates],
    );
    const counts = all?.violations.map(({ property, counted, count, schedule }) => ({
      property,
      counted,
      count,
      length: schedule.length,
    }));
    agree('counts', counts?.map((count) => JSON.stringify(count)).sort(), expected.counts);
  },
};

/** All comparisons. */
export const comparisons: readonly Comparison[] = [
  exhaustive,
  symbolic('symbolic', {}),
  symbolic('symbolic by levels', { byLevels: true }),
  symbolic('symbolic in small slices', { pace }),
  uncached,
  coverage,
  partialOrder,
  symmetry(false),
  symmetry(true),
  preemptionBound(0),
  preemptionBound(1),
  preemptionBound(2),
  dporSearch,
  bitstateSearch,
  sampling('random'),
  sampling('pct'),
  sampling('pos'),
  livenessSearch('liveness', liveness),
  livenessSearch('symbolic liveness', symbolicLiveness),
  livenessSearch('symbolic liveness in small slices', (program, some) => symbolicLiveness(program, { ...some, pace })),
  resumed,
  phases,
  allViolations,
];
