import { expect, test } from 'vitest';
import { verdictOf } from '../verdict.ts';
import { designWith, designWithAsyncGuard, properties } from './design.ts';

test.each(Object.entries(properties))('%s is refused', (_, property) => {
  expect(verdictOf(() => designWith(property))).toBe('refused');
});

test('a guard that is async is refused', () => {
  expect(verdictOf(designWithAsyncGuard)).toBe('refused');
});
