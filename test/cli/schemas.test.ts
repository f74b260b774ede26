import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { schemaFiles } from '../../src/app/files/schema-files.ts';

const folder = new URL('../../docs/schemas/', import.meta.url);

it('publishes the schemas that the tests check against (`npm run schemas` writes them)', () => {
  expect(readdirSync(folder).sort()).toEqual(Object.keys(schemaFiles()).sort());
  for (const [name, text] of Object.entries(schemaFiles())) {
    expect(readFileSync(new URL(name, folder), 'utf8'), name).toBe(text);
  }
});
