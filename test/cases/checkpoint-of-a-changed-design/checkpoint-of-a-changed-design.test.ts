import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hashOfSources } from '../../../src/app/files/source-hash.ts';
import { emptyFolder } from '../../cli/precopy.ts';

const folder = emptyFolder();
const design = join(folder, 'design.ts');
const files = {
  'design.ts': `import { readFileSync } from 'node:fs';
import { relative } from './relative.ts';
import json from './data.json' with { type: 'json' };
import absolute from '${folder}/absolute.ts';
const template = (await import(\`./template.ts\`)).default;
const read = Number(readFileSync(new URL('./read.txt', import.meta.url), 'utf8'));
const environment = Number(process.env['PRECOPY_CASE'] ?? 99);
`,
  'relative.ts': 'export const relative = 99;\n',
  'data.json': '{ "limit": 99 }\n',
  'absolute.ts': 'export default 99;\n',
  'template.ts': 'export default 99;\n',
  'read.txt': '99\n',
};
for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);

/** Tells whether a search that was begun before `change` is refused after it. */
function isNoticed(change: () => void): boolean {
  const before = hashOfSources(design);
  change();
  return hashOfSources(design) !== before;
}
const write = (name: string) => () => writeFileSync(join(folder, name), '3\n');

test.each(['relative.ts', 'data.json'])('a change of %s is noticed when a search goes on', (name) => {
  expect(isNoticed(write(name))).toBe(true);
});

test.fails.each(['absolute.ts', 'template.ts', 'read.txt'])(
  'a change of %s is noticed when a search goes on',
  (name) => {
    expect(isNoticed(write(name))).toBe(true);
  },
);

test.fails('a change of an environment variable that the design reads is noticed when a search goes on', () => {
  const change = () => {
    process.env['PRECOPY_CASE'] = '3';
  };
  try {
    expect(isNoticed(change)).toBe(true);
  } finally {
    delete process.env['PRECOPY_CASE'];
  }
});
