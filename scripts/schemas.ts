/** `npm run schemas`: writes docs/schemas from the schemas that the tests validate all JSON output against. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { schemaFiles } from '../src/app/files/schema-files.ts';

const folder = new URL('../docs/schemas/', import.meta.url);
mkdirSync(folder, { recursive: true });
for (const [name, text] of Object.entries(schemaFiles())) writeFileSync(new URL(name, folder), text);
