import { compile, type Exploration, memoise, runEngine } from 'precopy';
import { expect, test } from 'vitest';
import { bitstate } from '../../../src/search/dfs/bitstate.ts';
import { dpor } from '../../../src/search/dpor/dpor.ts';
import { sampleSchedules } from '../../../src/search/random/schedule-sampling.ts';
import { pages } from './design.ts';

const program = () => memoise(compile(pages));
const sampling = { seed: 1, runs: 100, depth: 20, bugDepth: 3 };
const engines = {
  random: () => sampleSchedules(program(), { ...sampling, strategy: 'random' }),
  pos: () => sampleSchedules(program(), { ...sampling, strategy: 'pos' }),
  bitstate: () => bitstate(program(), { seed: 1, depth: 20, bytes: 2 ** 16 }),
};

function expectShortest({ violation }: Exploration): void {
  expect(violation?.property).toBe('three');
  expect(violation?.schedule).toHaveLength(3);
}

test.each(Object.entries(engines))('%s shrinks a violation that it found', (_, engine) => {
  expectShortest(runEngine(engine()));
});

test('dpor, whose first violation is one of the shortest, shrinks it', () => {
  expectShortest(runEngine(dpor(program(), { depth: 5 })));
});
