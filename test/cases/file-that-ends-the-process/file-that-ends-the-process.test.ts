import { expect, test } from 'vitest';
import { folderWith, precopy } from '../../cli/precopy.ts';

const files = { 'exits.ts': 'process.exit(0);\n', 'never.ts': 'await new Promise(() => {});\n' };

test.each(Object.keys(files))('%s is refused and named, although it ends the process', async (name) => {
  const { exitCode, stderr } = await precopy(['check', name], { cwd: folderWith(files) });
  expect({ exitCode, names: stderr.includes(name) }).toEqual({ exitCode: 2, names: true });
});
