/** `npm run map`: writes the map of the folders into CONTRIBUTING.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { withMap } from './map/module-map.ts';

const page = new URL('../CONTRIBUTING.md', import.meta.url);
writeFileSync(page, withMap(readFileSync(page, 'utf8')));
