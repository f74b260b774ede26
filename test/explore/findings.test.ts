import { describe, expect, it } from 'vitest';
import { bitstate } from '../../src/explore/bitstate.ts';
import { dpor } from '../../src/explore/dpor.ts';
import { exhaustive } from '../../src/explore/exhaustive.ts';
import { finish } from '../../src/explore/finish.ts';
import { sample } from '../../src/explore/sample.ts';
import { compile, type Exploration, type Program } from '../../src/index.ts';
import { cycle, leadsTo, noDeadlock, reachable, toy } from '../support/toys.ts';

const engines: readonly (readonly [string, (program: Program) => Exploration])[] = [
  ['exhaustive', (program) => finish(exhaustive(program))],
  ['sample', (program) => finish(sample(program, { strategy: 'random', seed: 1, runs: 3, depth: 9, bugDepth: 3 }))],
  ['bitstate', (program) => finish(bitstate(program, { seed: 1, depth: 9, bytes: 1 << 10 }))],
  ['dpor', (program) => finish(dpor(program, { depth: 9 }))],
];

describe.each(engines)('what %s tells', (_, search) => {
  it('is of what must hold in every state, not of what has to come in the end; and which covers were hit', () => {
    const properties = [
      leadsTo(
        { id: 'comes', says: '' },
        () => true,
        () => true,
      ),
      noDeadlock({ id: 'goes-on', says: '' }, () => false),
      reachable({ id: 'three', says: '' }, ({ toy }) => toy.a.get() === 3),
      reachable({ id: 'never', says: '' }, ({ toy }) => toy.b.get() === 1),
    ];
    const found = search(compile(toy({ ...cycle, properties })));
    expect(found.properties.map(({ id }) => id)).toEqual(['goes-on', 'well-formed']);
    expect(found.covers).toEqual([
      { id: 'three', hit: true },
      { id: 'never', hit: false },
    ]);
  });
});
