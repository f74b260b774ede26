import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { referencePages } from './reference/all-pages.ts';

// Writes docs/reference.
const folder = new URL('../docs/reference/', import.meta.url);
const pages = await referencePages();
rmSync(folder, { recursive: true, force: true });
for (const [name, text] of Object.entries(pages)) {
  const file = new URL(name, folder);
  mkdirSync(dirname(file.pathname), { recursive: true });
  writeFileSync(file, text);
}
