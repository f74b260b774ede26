import { describe, expect, it } from 'vitest';
import { memoise } from '../../src/cache/cached-program.ts';
import { compile } from '../../src/compile/compile.ts';
import type { Program } from '../../src/compile/program.ts';
import { breadthFirstSearch } from '../../src/search/bfs/breadth-first-search.ts';
import { preemptionBoundedSearch } from '../../src/search/bfs/preemption-bound.ts';
import { dpor } from '../../src/search/dpor/dpor.ts';
import type { Exploration } from '../../src/search/exploration.ts';
import { liveness } from '../../src/search/liveness/liveness.ts';
import { runEngine } from '../../src/search/run-engine.ts';
import { leadsTo, never, toy } from '../support/toys.ts';

/** E and F lead to t, and only the second transition of F is never taken: the first one has no guard that refuses. */
const design = toy({
  states: {
    s: { on: { E: { actions: 'setA', target: 't' }, F: [{ guard: 'always', target: 't' }, { target: 's' }] } },
    t: { always: { guard: 'never', target: 's' } },
  },
  properties: [
    leadsTo(
      { id: 'counts', description: 'nothing is asked for' },
      () => false,
      () => true,
    ),
  ],
});

const engines: Readonly<Record<string, (program: Program) => Exploration>> = {
  'breadth-first search': (program) => runEngine(breadthFirstSearch(program)),
  'breadth-first search with sleep sets': (program) => runEngine(breadthFirstSearch(program, { partialOrder: true })),
  'preemption bounding': (program) => runEngine(preemptionBoundedSearch(program, 9)),
  dpor: (program) => runEngine(dpor(program, { depth: 3 })),
  'the search for fair cycles': (program) => runEngine(liveness(program)),
};

describe('a proof lists the transitions that no step takes', () => {
  it.each(Object.keys(engines))('by %s', (name) => {
    const run = engines[name] as (program: Program) => Exploration;
    for (const program of [memoise(compile(design)), compile(design)]) {
      const untaken = run(program).untaken?.map(({ source, event, index }) => `${source} ${event} ${index}`);
      expect(untaken).toEqual(['s F 1', 't  0']);
    }
  });

  it('and nothing else does', () => {
    const properties = [never({ id: 'unset', description: 'a is 0' }, ({ toy }) => toy.a.get() === 1)];
    expect(runEngine(breadthFirstSearch(compile({ ...design, properties }))).untaken).toBeUndefined();
    expect(runEngine(breadthFirstSearch(compile(design), { maxStates: 1 })).untaken).toBeUndefined();
  });

  it('as many as coverage counts no step of', () => {
    const { untaken, coverage } = runEngine(breadthFirstSearch(memoise(compile(design)), { coverage: true }));
    expect(untaken).toHaveLength(coverage?.transitions.filter(({ taken }) => taken === 0).length as number);
  });
});
