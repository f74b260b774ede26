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

describe.each(engines)('what %s tells', (_, search) => {
  it('is of what must hold in every state, not of what has to come in the end; and which covers were hit', () => {
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
    const found = search(compile(toy({ ...cycle, properties })));
    expect(found.properties.map(({ id }) => id)).toEqual(['goes-on', 'well-formed']);
    expect(found.covers).toEqual([
      { id: 'three', hit: true },
      { id: 'never', hit: false },
    ]);
  });
});
