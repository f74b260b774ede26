import { describe, expect, it } from 'vitest';
import { manualClearTdp, rmapXchg, srcuSwitch } from '../../../machines/designs/index.ts';
import { startOfLogMutants } from '../../../machines/mutants/start-of-log.ts';
import { compile } from '../../../src/compile/compile.ts';
import type { AnyDesign } from '../../../src/model/design.ts';
import { breadthFirstSearch } from '../../../src/search/bfs/breadth-first-search.ts';
import type { Exploration } from '../../../src/search/exploration.ts';
import { exploreNaively, vectorOf } from '../../../src/search/reference/naive.ts';
import { runEngine } from '../../../src/search/run-engine.ts';
import { explore } from '../../support/explore.ts';
import { designsByDay, designsOrMutants, nightly } from '../../support/nightly.ts';

/** Explores a design, and notes each state that the search keeps: it looks at the properties of a state once, when it is new. */
function exploreAndNote(
  design: AnyDesign,
  sizes: Readonly<Record<string, number>>,
): Exploration & { vectors: Set<string> } {
  const program = compile(design, sizes);
  const vectors = new Set<string>();
  const violated = program.violated.bind(program);
  program.violated = () => {
    vectors.add(vectorOf(program.state));
    return violated();
  };
  return { ...runEngine(breadthFirstSearch(program)), vectors };
}

type Run = readonly [design: AnyDesign, sizes: Readonly<Record<string, number>>];

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

describe('a naive search, with xstate itself, plain objects and a map, agrees with the engine', () => {
  for (const [design, sizes] of complete) {
    it(`on every state of ${design.id} ${JSON.stringify(sizes)}`, () => {
      const naive = exploreNaively(design, sizes);
      const engine = exploreAndNote(design, sizes);
      expect(naive.violation).toBeUndefined();
      expect(engine.verdict).toBe('holds');
      expect({ states: engine.states, transitions: engine.transitions, depth: engine.depth }).toEqual({
        states: naive.states,
        transitions: naive.transitions,
        depth: naive.depth,
      });
      expect(engine.vectors).toEqual(naive.vectors);
    });
  }

  const small = [
    { vcpus: 1, pages: 1 },
    { vcpus: 2, pages: 1 },
    { vcpus: 2, pages: 2 },
  ];
  /** By night the mutants of two designs, which take the naive search some seconds; all of them take it long. */
  const searched = designsOrMutants.filter(
    ({ mutantOf, mutation, properties, params }) =>
      params?.['devices'] !== 1 &&
      (mutantOf === rmapXchg.id || mutantOf === srcuSwitch.id) &&
      properties.find(({ id }) => id === mutation?.breaks)?.kind !== 'leads-to',
  );
  for (const mutant of searched) {
    it(`on the length of the shortest counterexample of ${mutant.id}`, () => {
      const loggingOn = startOfLogMutants.includes(mutant) ? 0 : 1;
      const sizes = small
        .map((one) => ({ ...one, loggingOn }))
        .find((one) => explore(mutant, one, { maxStates: 20_000 }).verdict === 'violated');
      expect(sizes, 'it is caught at a small size').toBeDefined();
      const { violation } = explore(mutant, sizes);
      expect(violation?.schedule.length).toBe(exploreNaively(mutant, sizes as (typeof small)[0]).violation?.length);
    });
  }
});
