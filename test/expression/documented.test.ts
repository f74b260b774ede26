import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { rmapXchg } from '../../machines/designs/index.ts';
import { compileExpression } from '../../src/expression/compile-expression.ts';

const page = readFileSync(new URL('../../docs/search.md', import.meta.url), 'utf8');
const table = page
  .slice(page.indexOf('### Expressions over states'))
  .split('\n')
  .filter((line) => line.startsWith('| `'));
const expressions = table.flatMap((row) =>
  [...(row.split('|')[1] as string).matchAll(/`(.*?)`/g)].map(([, text]) => text as string),
);

it('the page has expressions of each kind', () => {
  expect(expressions.length).toBeGreaterThan(12);
});

it.each(expressions)('the expression %s of the page is one of rmap-xchg', (text) => {
  expect(() => compileExpression(text, rmapXchg, { vcpus: 2, pages: 2 })).not.toThrow();
});
