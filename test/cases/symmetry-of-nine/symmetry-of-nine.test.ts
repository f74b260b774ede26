import { compile, memoise, runEngine } from 'precopy';
import { expect, test } from 'vitest';
import { symmetryReducedSearch } from '../../../src/search/symmetry/symmetry-search.ts';
import { explore } from '../../support/explore.ts';
import { nine } from './design.ts';

const verdicts = (n: number): string[] => {
  const reduced = runEngine(symmetryReducedSearch(memoise(compile(nine, { n }))));
  return [explore(nine, { n }).verdict, reduced.verdict];
};

test('8 blocks of interchangeable processes: the violation is found with the reduction, too', () => {
  expect(verdicts(8)).toEqual(['violated', 'violated']);
});

test('9 blocks of interchangeable processes: the violation is found with the reduction, too', () => {
  expect(verdicts(9)).toEqual(['violated', 'violated']);
});
