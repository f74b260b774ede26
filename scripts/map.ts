/** `npm run map`: writes the map of the folders into CONTRIBUTING.md, and the strategies into docs/search.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { withEngines } from './map/engine-table.ts';
import { withMap } from './map/module-map.ts';

update('CONTRIBUTING.md', withMap);
update('docs/search.md', withEngines);

function update(name: string, change: (page: string) => string): void {
  const page = new URL(`../${name}`, import.meta.url);
  writeFileSync(page, change(readFileSync(page, 'utf8')));
}
