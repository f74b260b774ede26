import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { emptyFolder, type Finished, precopyAlone } from '../../cli/precopy.ts';
import { isNightly } from '../../support/nightly.ts';

const folder = emptyFolder();
const files: Readonly<Record<string, string>> = {
  'design.ts': `import { readFileSync } from 'node:fs';
import { counter, defineDesign, defineSystem, shared } from 'precopy';
import { relative } from './relative.ts';
import required from './required.cjs';
import json from './data.json' with { type: 'json' };
import absolute from '${folder}/absolute.ts';
const template = (await import(\`./template.ts\`)).default;
const read = Number(readFileSync(new URL('./read.txt', import.meta.url), 'utf8'));
const environment = Number(process.env['PRECOPY_CASE'] ?? 99999);
const limit = Math.min(relative, required, json.limit, absolute, template, read, environment);
const system = defineSystem({ name: 's', memory: () => ({ mem: shared({ n: counter(99999) }) }), actors: { a: 'one' } });
const a = system.actor({ events: { STEP: {} } })
  .setup({
    actions: { up: ({ context: { mem } }) => mem.n.set(mem.n.get() + 1) },
    guards: { isBelow: ({ context: { mem } }) => mem.n.get() < limit },
  })
  .createMachine({ id: 'a', initial: 'p', states: { p: { on: { STEP: { guard: 'isBelow', actions: 'up', meta: { coarse: 'counting' } } } } } });
const atMost = system.properties.always({ id: 'at-most', description: 'n is small' }, ({ mem }) => mem.n.get() < 9000);
export default defineDesign({ id: 'counts', title: 'counts', system, machines: { a }, properties: [atMost] });
`,
  'relative.ts': 'export const relative = 99999;\n',
  'required.cjs': "module.exports = require('./also-required.cjs'); // 99999\n",
  'also-required.cjs': 'module.exports = 99999;\n',
  'data.json': '{ "limit": 99999 }\n',
  'absolute.ts': 'export default 99999;\n',
  'template.ts': 'export default 99999;\n',
  'read.txt': '99999\n',
};
const write = (all: Readonly<Record<string, string>>): void => {
  for (const [name, text] of Object.entries(all)) writeFileSync(join(folder, name), text);
};

const goOn = (env: Readonly<Record<string, string>> = {}): Promise<Finished> =>
  precopyAlone(['check', 'design.ts', '--checkpoint', 'kept', '--max-states', '500', '--workers', '1'], {
    cwd: folder,
    env,
  });

beforeAll(async () => {
  write(files);
  expect(await goOn()).toMatchObject({ exitCode: 3 });
});
afterEach(() => write(files));

/** The ways in which a file depends on another that are least alike; in the nightly suite all of them. */
const changed = isNightly ? Object.keys(files) : ['design.ts', 'also-required.cjs', 'template.ts', 'read.txt'];

test.each(changed)('a change of %s is noticed when a search goes on', async (name) => {
  write({ [name]: (files[name] as string).replaceAll('99999', '8888') });
  expect(await goOn()).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('is of another model') });
});

test('a change of an environment variable that the design reads is noticed when a search goes on', async () => {
  const { exitCode, stderr } = await goOn({ PRECOPY_CASE: '8888' });
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('is of another model') });
});

test('a search of what did not change goes on', async () => {
  expect(await goOn({ OTHER: '1' })).toMatchObject({ exitCode: 3 });
});
