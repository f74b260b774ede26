import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { combinations, sharedClearPage, verdictOn } from '../../scripts/shared-clear/page.ts';

it('of all orders, one holds under a shared lock: install, mark; clear, protect; retry', () => {
  const sound = combinations.filter((orders) => verdictOn(orders).holds);
  expect(sound).toEqual([{ fault: 'install, then mark', clear: 'clear, then protect', failure: 'retried' }]);
});

it('docs/shared-clear.md is what `npm run shared-clear` writes', () => {
  expect(readFileSync('docs/shared-clear.md', 'utf8')).toBe(sharedClearPage());
});
