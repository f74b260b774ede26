import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { designs } from '../../machines/designs/index.ts';
import { mutants } from '../../machines/mutants/index.ts';

it('README.md is right about how many designs and bugs there are', () => {
  const page = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
  const [, ofDesigns, ofBugs] = /goes through (\d+) designs,.*? through (\d+)\s+bugs/s.exec(page) ?? [];
  expect([Number(ofDesigns), Number(ofBugs)]).toEqual([designs.length, mutants.length]);
});
