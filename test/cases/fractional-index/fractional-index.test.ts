import { expect, test } from 'vitest';
import { explore } from '../../support/explore.ts';
import { designThat } from './design.ts';

const isCached = [true, false];

/** Returns the property that a step with an index or value of 1/2 breaks. */
const brokenBy = (...which: Parameters<typeof designThat>) => explore(designThat(...which)).violation?.property;

for (const cell of ['bitmap', 'counter', 'index', 'queue'] as const) {
  test.each(isCached)(`1/2 is a fault of a cell: ${cell} (cached: %s)`, (cached) => {
    expect(brokenBy(cell, cached)).toBe('well-formed');
  });
}

test.each(isCached)('1/2 is a fault of a cell: list (cached: %s)', (cached) => {
  expect(brokenBy('list', cached)).toBe('well-formed');
});
