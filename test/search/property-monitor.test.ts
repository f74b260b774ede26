import { describe, expect, it } from 'vitest';
import { compile, type Exploration, type Program } from '../../src/index.ts';
import { breadthFirstSearch } from '../../src/search/bfs/breadth-first-search.ts';
import { bitstate } from '../../src/search/dfs/bitstate.ts';
import { dpor } from '../../src/search/dpor/dpor.ts';
import { sampleSchedules } from '../../src/search/random/schedule-sampling.ts';
import { runEngine } from '../../src/search/run-engine.ts';
import { cycle, leadsTo, noDeadlock, reachable, toy } from '../support/toys.ts';

const engines: readonly (readonly [string, (program: Program) => Exploration])[] = [
  ['exhaustive', (program) => runEngine(breadthFirstSearch(program))],
  [
    'sample',
    (program) => runEngine(sampleSchedules(program, { strategy: 'random', seed: 1, runs: 3, depth: 9, bugDepth: 3 })),
  ],
  ['bitstate', (program) => runEngine(bitstate(program, { seed: 1, depth: 9, bytes: 1 << 10 }))],
  ['dpor', (program) => runEngine(dpor(program, { depth: 9 }))],
];

describe.each(engines)('the result of %s', (_, search) => {
  it('has a verdict on each safety property, none on leads-to properties, and the covers hit', () => {
    const properties = [
      leadsTo(
        { id: 'comes', description: '' },
        () => true,
        () => true,
      ),
      noDeadlock({ id: 'goes-on', description: '' }, () => false),
      reachable({ id: 'three', description: '' }, ({ toy }) => toy.a.get() === 3),
      reachable({ id: 'never', description: '' }, ({ toy }) => toy.b.get() === 1),
    ];
    const exploration = search(compile(toy({ ...cycle, properties })));
    expect(exploration.properties.map(({ id }) => id)).toEqual(['goes-on', 'well-formed']);
    expect(exploration.covers).toEqual([
      { id: 'three', hit: true },
      { id: 'never', hit: false },
    ]);
  });
});
