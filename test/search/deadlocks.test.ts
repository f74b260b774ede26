import { expect, it } from 'vitest';
import { memoise } from '../../src/cache/cached-program.ts';
import { compile } from '../../src/compile/compile.ts';
import type { Program } from '../../src/compile/program.ts';
import { replay } from '../../src/live/replay.ts';
import { breadthFirstSearch } from '../../src/search/bfs/breadth-first-search.ts';
import { preemptionBoundedSearch } from '../../src/search/bfs/preemption-bound.ts';
import { bitstate } from '../../src/search/dfs/bitstate.ts';
import { dpor } from '../../src/search/dpor/dpor.ts';
import type { Exploration } from '../../src/search/exploration.ts';
import { sampleSchedules } from '../../src/search/random/schedule-sampling.ts';
import { naiveSearch } from '../../src/search/reference/naive.ts';
import { runEngine } from '../../src/search/run-engine.ts';
import { noDeadlock, toy } from '../support/toys.ts';

/** It stops in a state that the first property allows and the second one does not. */
const stops = toy({
  states: { s: { on: { E: 't' } }, t: { tags: ['marked'] } },
  properties: [
    noDeadlock({ id: 'stops-where-marked', description: 'it stops only where marked' }, ({ is }) => is.marked.of(0)),
    noDeadlock({ id: 'never-stops', description: 'it never stops' }),
  ],
});

const engines: Readonly<Record<string, (program: Program) => Exploration>> = {
  'breadth-first search': (program) => runEngine(breadthFirstSearch(program)),
  'breadth-first search with sleep sets': (program) => runEngine(breadthFirstSearch(program, { partialOrder: true })),
  'preemption bounding': (program) => runEngine(preemptionBoundedSearch(program, 1)),
  dpor: (program) => runEngine(dpor(program, { depth: 3 })),
  bitstate: (program) => runEngine(bitstate(program, { seed: 1, depth: 10, bytes: 1024 })),
  'random walks': (program) =>
    runEngine(sampleSchedules(program, { strategy: 'random', seed: 1, runs: 1, depth: 9, bugDepth: 1 })),
};

it.each(Object.keys(engines))('%s accuses the property that forbids the deadlock, and no other', (name) => {
  const { violation, properties } = (engines[name] as (program: Program) => Exploration)(memoise(compile(stops)));
  expect(violation?.property).toBe('never-stops');
  expect(properties.map(({ id, verdict }) => `${id}: ${verdict}`)).toEqual([
    'stops-where-marked: inconclusive',
    'never-stops: violated',
    'well-formed: inconclusive',
  ]);
  expect(replay(stops, {}, violation?.schedule ?? []).violation?.property).toBe('never-stops');
});

it('the reference search accuses that property too', () => {
  expect(naiveSearch(stops, {}).violation).toEqual({ property: 'never-stops', length: 1 });
});
