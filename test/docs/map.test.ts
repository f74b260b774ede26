import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { withEngines } from '../../scripts/map/engine-table.ts';
import { layers, withMap } from '../../scripts/map/module-map.ts';

const root = new URL('../../', import.meta.url);

it('CONTRIBUTING.md has the current map', () => {
  const page = readFileSync(new URL('CONTRIBUTING.md', root), 'utf8');
  expect(page).toBe(withMap(page));
});

it('docs/search.md has the current table of strategies', () => {
  const page = readFileSync(new URL('docs/search.md', root), 'utf8');
  expect(page).toBe(withEngines(page));
});

it('the map has a row for each folder of src, and for no other', () => {
  const entries = readdirSync(fileURLToPath(new URL('src', root)), { recursive: true, withFileTypes: true });
  const folders = entries
    .filter((entry) => entry.isDirectory())
    .map(({ parentPath, name }) => `${parentPath}/${name}`.slice(fileURLToPath(root).length));
  const listed = layers.flatMap(({ folder, parts = {} }) => [folder, ...Object.keys(parts)]);
  expect(listed.filter((path) => path.startsWith('src/') && !path.endsWith('.ts')).sort()).toEqual(folders.sort());
});

it('a layer imports only layers', () => {
  const names = [...layers.map(({ folder }) => folder), 'src', 'test'];
  expect(names).toEqual(expect.arrayContaining(layers.flatMap(({ imports }) => imports)));
});
