import { readdirSync, readFileSync } from 'node:fs';
import type { AnyDesign, Mutation, Property } from 'precopy';
import { describe, expect, it } from 'vitest';
import 'precopy/vitest';
import { decide, type SearchResult } from '../../src/testing/decide.ts';

const root = new URL('../../', import.meta.url);
const listFiles = (folder: string): string[] => readdirSync(new URL(folder, root)).map((name) => `${folder}/${name}`);
const recipes = listFiles('examples/recipes');
const files = [...recipes, ...listFiles('examples/carried-over').filter((file) => !file.endsWith('-before.ts'))];
const designsOf = async (file: string): Promise<readonly AnyDesign[]> =>
  ((await import(new URL(file, root).href)) as { readonly designs: readonly AnyDesign[] }).designs;
const all = await Promise.all(files.map(async (file) => ({ file, designs: await designsOf(file) })));

describe.each(all)('$file', ({ designs }) => {
  const [design, ...mutants] = designs as [AnyDesign, ...AnyDesign[]];

  it('holds, with all covers hit', () => {
    expect(design).toHold(design.properties);
  });

  it('has mutants', () => {
    expect(mutants.length).toBeGreaterThan(0);
  });

  it.each(mutants)('$id violates the property that it breaks', (mutant) => {
    const { breaks } = mutant.mutation as Mutation;
    const properties = (mutant.properties as readonly Property[]).filter(({ id }) => id === breaks);
    const { exploration, trace } = decide({ ...mutant, properties }, {}, {}).at(-1) as SearchResult;
    expect(exploration.violation?.property).toBe(breaks);
    expect(trace).toBeDefined();
  });
});

describe('docs/recipes.md', () => {
  const page = readFileSync(new URL('docs/recipes.md', root), 'utf8');

  it.each(all.filter(({ file }) => recipes.includes(file)))('explains $file and its mutants', ({ file, designs }) => {
    expect(page).toContain(`](../${file})`);
    for (const { id, mutantOf } of designs) if (mutantOf) expect(page).toContain(`\`${id.split('/')[1]}\``);
  });
});
