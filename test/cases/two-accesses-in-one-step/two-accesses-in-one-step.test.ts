import { expect, test } from 'vitest';
import { verdictOf } from '../verdict.ts';
import { adds } from './design.ts';

test('a load and a store of shared memory in one action do not hold', () => {
  expect(verdictOf(() => adds('addShared'))).not.toBe('holds');
});

test('owned memory that two threads reach does not hold', () => {
  expect(verdictOf(() => adds('addOwned'))).not.toBe('holds');
});
