import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { emptyFolder, precopy, small } from './precopy.ts';

it('check --html writes verdicts, figures, what was not covered, and each race as lanes and as text', async () => {
  const page = join(emptyFolder(), 'report.html');
  const { exitCode, stderr } = await precopy(['check', 'rmap-xchg', 'rmap-xchg/no-flush', ...small, '--html', page]);
  expect([exitCode, stderr]).toEqual([1, '']);
  const html = readFileSync(page, 'utf8');
  for (const text of [
    '1,090',
    'logged-or-protected',
    'covers hit',
    'Bug: ',
    '<svg ',
    'writeProtectPage',
    'replay',
    '--html',
  ]) {
    expect(html).toContain(text);
  }
  expect(html).not.toMatch(/<script|src="http/);
  // what scrolls can be scrolled by keyboard
  expect(html.match(/<div class="wide/g)).toEqual(
    html.match(/<div class="wide[^>]* tabindex="0"/g)?.map(() => '<div class="wide'),
  );
});

it('a report names nothing of a design that its page would execute', async () => {
  const folder = emptyFolder();
  const design = readFileSync('examples/peterson.ts', 'utf8').replace(
    /title: '[^']*'/,
    "title: '<script>alert(1)</script>'",
  );
  writeFileSync(join(folder, 'own.ts'), design);
  const page = join(folder, 'report.html');
  await precopy(['check', join(folder, 'own.ts:peterson'), '--memory-model', 'tso', '--html', page]);
  const html = readFileSync(page, 'utf8');
  expect(html).toContain('&lt;script&gt;alert(1)');
  expect(html).not.toContain('<script>');
});

it('a file that cannot be written is refused before the search', async () => {
  const { exitCode, stderr, stdout } = await precopy(['check', 'rmap-xchg', '--html', '/nowhere/report.html']);
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/cannot be written/);
});
