import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { AnyDesign, Mutation, Property } from 'precopy';
import { describe, expect, it } from 'vitest';
import 'precopy/vitest';
import { decide, type SearchResult } from '../../src/testing/decide.ts';

const folder = new URL('../../examples/recipes/', import.meta.url);
const files = readdirSync(folder);
const page = readFileSync(new URL('../../docs/recipes.md', import.meta.url), 'utf8');
const recipes = await Promise.all(
  files.map(async (file) => ({
    file,
    designs: ((await import(new URL(file, folder).href)) as { designs: readonly AnyDesign[] }).designs,
  })),
);

describe.each(recipes)('recipe $file', ({ file, designs }) => {
  const [design, ...mutants] = designs as [AnyDesign, ...AnyDesign[]];

  it('holds, with all covers hit', () => {
    expect(design).toHold(design.properties);
  });

  it('is named for its file, and has mutants', () => {
    expect(design.id).toBe(basename(file, '.ts'));
    expect(mutants.length).toBeGreaterThan(0);
  });

  it.each(mutants)('$id violates the property that it breaks', (mutant) => {
    const { breaks } = mutant.mutation as Mutation;
    const properties = (mutant.properties as readonly Property[]).filter(({ id }) => id === breaks);
    const { exploration, trace } = decide({ ...mutant, properties }, {}, {}).at(-1) as SearchResult;
    expect(exploration.violation?.property).toBe(breaks);
    expect(trace).toBeDefined();
  });

  it('is explained, with each mutant', () => {
    expect(page).toContain(`](../examples/recipes/${file})`);
    for (const { id } of mutants) expect(page).toContain(`\`${id.split('/')[1]}\``);
  });
});
