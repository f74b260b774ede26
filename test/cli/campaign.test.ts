import { cpSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { folderWith, precopy } from './precopy.ts';

const peterson = fileURLToPath(new URL('../../examples/peterson.ts', import.meta.url));

it('campaign run FILE plans a campaign, runs it with worker processes, and joins their results', async () => {
  const cwd = folderWith({ 'mine.yaml': 'check: [{ designs: ./peterson.ts, mutants: also }]' });
  cpSync(peterson, `${cwd}/peterson.ts`);
  const { exitCode, stdout, stderr } = await precopy(['campaign', 'run', 'mine.yaml', '--workers', '2'], { cwd });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).toMatch(/2 of 2 mutants killed\nmine: holds; 4 of 4 shards done/);
});
