/** Writes docs/designs: `npm run pages`. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { allPages } from './pages/all-pages.ts';

const folder = new URL('../docs/designs/', import.meta.url);
rmSync(folder, { recursive: true, force: true });
mkdirSync(new URL('machines/', folder), { recursive: true });
for (const [name, text] of Object.entries(await allPages())) writeFileSync(new URL(name, folder), text);
