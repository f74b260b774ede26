import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { allPages } from '../../scripts/pages/all-pages.ts';

const folder = new URL('../../docs/designs/', import.meta.url);

describe('docs/designs', () => {
  it('is what `npm run pages` makes of the machines, the mutants and the pinned counts', async () => {
    const pages = await allPages();
    const files = (readdirSync(folder, { recursive: true }) as string[]).filter((name) => name.includes('.'));
    expect(files.sort()).toEqual(Object.keys(pages).sort());
    for (const [name, text] of Object.entries(pages)) {
      expect(readFileSync(new URL(name, folder), 'utf8'), name).toBe(text);
    }
  });
});
