import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kvmPages, referencePages } from '../../scripts/reference/all-pages.ts';
import { nightly } from '../support/nightly.ts';

const root = new URL('../../', import.meta.url);
const folder = new URL('docs/reference/', root);
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');

/** Returns the names that the export declarations of a file list. */
const exportedBy = (path: string): string[] =>
  [...readFileSync(new URL(path, root), 'utf8').matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, names = '']) =>
    names
      .split(',')
      .map((name) => name.trim().replace(/^type /, ''))
      .filter((name) => name !== ''),
  );

/** Returns the first line in which two pages differ. */
function differenceOf(page: string, current: string): object | undefined {
  const [lines, currentLines] = [page.split('\n'), current.split('\n')];
  const line = currentLines.findIndex((text, n) => text !== lines[n]);
  return page === current ? undefined : { line: line + 1, page: lines[line], current: currentLines[line] };
}

describe('docs/reference', () => {
  it('has a topic for each export of precopy', () => {
    const topics = readdirSync(new URL('scripts/reference/topics', root)).map(
      (name) => `scripts/reference/topics/${name}`,
    );
    const documented = topics.flatMap(exportedBy);
    const all = [...exportedBy('src/index.ts'), ...exportedBy('src/model-api.ts')];
    expect(all.length).toBeGreaterThan(80);
    expect(all.filter((name) => !documented.includes(name))).toEqual([]);
  });

  it('has the current vocabulary of precopy/kvm: `npm run reference` writes it', async () => {
    for (const [name, text] of Object.entries(await kvmPages())) {
      expect(differenceOf(read(name), text), name).toBeUndefined();
    }
  });

  it.each(nightly(['`npm run reference`']))(
    'is what %s makes of the docstrings',
    async () => {
      const pages = await referencePages();
      expect(readdirSync(folder).sort()).toEqual(Object.keys(pages).sort());
      for (const [name, text] of Object.entries(pages)) expect(differenceOf(read(name), text), name).toBeUndefined();
    },
    300_000,
  );
});
