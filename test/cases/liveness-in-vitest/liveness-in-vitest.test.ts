import * as fc from 'fast-check';
import { holds } from 'precopy/fast-check';
import { expect, test } from 'vitest';
import 'precopy/vitest';
import { ends, verdictOfLiveness, waits } from './design.ts';

test('the search for fair cycles says that the leads-to property is violated', () => {
  expect(verdictOfLiveness()).toBe('violated');
});

test('toHold does not pass a leads-to property that is violated', () => {
  expect(() => expect(waits).toHold(ends)).toThrow();
});

test('toSurvive does not pass a leads-to property', () => {
  expect(() => expect(waits).toSurvive(ends, {}, { strategy: 'random', seed: 1, runs: 10 })).toThrow();
});

test('holds of precopy/fast-check does not pass a leads-to property', () => {
  expect(() => fc.assert(holds(waits, ends), { seed: 1, numRuns: 10 })).toThrow();
});

test('toHold of no property does not pass', () => {
  expect(() => expect(waits).toHold([])).toThrow();
});
