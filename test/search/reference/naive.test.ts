import { describe, expect, it } from 'vitest';
import { manualClearTdp, rmapXchg, srcuSwitch } from '../../../machines/designs/index.ts';
import { startOfLogMutants } from '../../../machines/mutants/start-of-log.ts';
import { compile } from '../../../src/compile/compile.ts';
import type { AnyDesign } from '../../../src/model/design.ts';
import { breadthFirstSearch } from '../../../src/search/bfs/breadth-first-search.ts';
import type { Exploration } from '../../../src/search/exploration.ts';
import { naiveSearch, stateKey } from '../../../src/search/reference/naive.ts';
import { runEngine } from '../../../src/search/run-engine.ts';
import { explore } from '../../support/explore.ts';
import { designsByDay, designsOrMutants, nightly } from '../../support/nightly.ts';

/** Searches a design and collects the keys of its states: invariants are evaluated once for each new state. */
function searchWithKeys(
  design: AnyDesign,
  params: Readonly<Record<string, number>>,
): Exploration & { stateKeys: Set<string> } {
  const program = compile(design, params);
  const stateKeys = new Set<string>();
  const violated = program.violated.bind(program);
  program.violated = () => {
    stateKeys.add(stateKey(program.state));
    return violated();
  };
  return { ...runEngine(breadthFirstSearch(program)), stateKeys };
}

type Run = readonly [design: AnyDesign, params: Readonly<Record<string, number>>];

const complete: readonly Run[] = [
  ...designsByDay.map((design): Run => [design, { vcpus: 1, pages: 1, loggingOn: 1 }]),
  [rmapXchg, { vcpus: 1, pages: 1 }],
  [rmapXchg, { vcpus: 1, pages: 2, emulatingVcpus: 0, loggingOn: 1 }],
  ...nightly<Run>([
    [rmapXchg, { vcpus: 2, pages: 1, loggingOn: 1 }],
    [srcuSwitch, { vcpus: 2, pages: 1, emulatingVcpus: 0, loggingOn: 1 }],
    [manualClearTdp, { vcpus: 2, pages: 1, loggingOn: 1 }],
  ]),
];

describe('the reference implementation agrees with breadth-first search', () => {
  for (const [design, params] of complete) {
    it(`on every state of ${design.id} ${JSON.stringify(params)}`, () => {
      const naive = naiveSearch(design, params);
      const engine = searchWithKeys(design, params);
      expect(naive.violation).toBeUndefined();
      expect(engine.verdict).toBe('holds');
      expect({ states: engine.states, transitions: engine.transitions, depth: engine.depth }).toEqual({
        states: naive.states,
        transitions: naive.transitions,
        depth: naive.depth,
      });
      expect(engine.stateKeys).toEqual(naive.stateKeys);
    });
  }

  const smallParams = [
    { vcpus: 1, pages: 1 },
    { vcpus: 2, pages: 1 },
    { vcpus: 2, pages: 2 },
  ];
  /** Nightly the mutants of two designs: all of them would take the naive search too long. */
  const searched = designsOrMutants.filter(
    ({ mutantOf, mutation, properties, params }) =>
      params?.['devices'] !== 1 &&
      (mutantOf === rmapXchg.id || mutantOf === srcuSwitch.id) &&
      properties.find(({ id }) => id === mutation?.breaks)?.kind !== 'leads-to',
  );
  for (const mutant of searched) {
    it(`on the length of the shortest counterexample of ${mutant.id}`, () => {
      const loggingOn = startOfLogMutants.includes(mutant) ? 0 : 1;
      const params = smallParams
        .map((one) => ({ ...one, loggingOn }))
        .find((one) => explore(mutant, one, { maxStates: 20_000 }).verdict === 'violated');
      expect(params, 'it is violated at small params').toBeDefined();
      const { violation } = explore(mutant, params);
      expect(violation?.schedule.length).toBe(naiveSearch(mutant, params as (typeof smallParams)[0]).violation?.length);
    });
  }
});
