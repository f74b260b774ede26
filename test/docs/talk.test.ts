import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { designs } from '../../machines/designs/index.ts';
import { simulateCommand } from '../../src/cli/commands/simulate.ts';

const read = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const ids: readonly string[] = designs.map(({ id }) => id);
const found = (pattern: RegExp): string[] => [...read('docs/talk.md').matchAll(pattern)].map(([, name = '']) => name);

it('docs/talk.md names commands and designs that exist', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = found(/`npm run (\w+)`/g);
  expect(named).toContain('talk');
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named));

  const simulated = found(/`npx precopy simulate ([^`]+)`/g);
  expect(simulated.length).toBeGreaterThan(0);
  const options = simulateCommand().options.map(({ long }) => long);
  for (const command of simulated) {
    expect(ids).toContain(command.split(' ')[0]);
    expect(options).toEqual(expect.arrayContaining(command.match(/--[\w-]+/g) ?? []));
  }

  const rows = new Set(found(/^\| `([\w-]+)` \|/gm));
  expect(rows.size).toBeGreaterThan(4);
  expect(ids).toEqual(expect.arrayContaining([...rows]));
});
