import { expect, test } from 'vitest';
import { folderWith, precopy } from '../../cli/precopy.ts';

const base = `import { defineDesign, defineSystem } from 'precopy';
const system = defineSystem({ name: 's', memory: () => ({}), actors: { a: 'one' }, tags: [] });
const a = system.actor({ events: { STEP: {} } }).setup({ actions: {} }).createMachine({ id: 'a', initial: 'p', states: { p: { on: { STEP: 'p' } } } });
export const loops = defineDesign({ id: 'loops', title: 't', system, machines: { a }, properties: [system.properties.noDeadlock({ id: 'goes-on', description: 'it goes on' })] });
`;
const named = "import { loops } from './base.ts';\nexport default loops;\n";

test('a design in a folder without "type": "module" holds', async () => {
  const { exitCode, stderr } = await precopy(['check', 'base.ts', '--quiet'], {
    cwd: folderWith({ 'base.ts': base.replace('export const loops =', 'export default') }),
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
});

test('a design in two files in a folder without "type": "module" holds', async () => {
  const { exitCode, stderr } = await precopy(['check', 'named.ts', '--quiet'], {
    cwd: folderWith({ 'base.ts': base, 'named.ts': named }),
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
});
