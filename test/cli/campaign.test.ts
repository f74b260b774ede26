import { cpSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { folderWith, precopyAlone } from './precopy.ts';

const peterson = fileURLToPath(new URL('../../examples/peterson.ts', import.meta.url));

it('campaign run FILE plans a campaign, runs it with worker processes, and joins their results', async () => {
  const cwd = folderWith({ 'mine.yaml': 'check: [{ designs: ./peterson.ts, mutants: also }]' });
  cpSync(peterson, `${cwd}/peterson.ts`);
  // Alone: what a design depends on, and so its hash, is that of the process that loads it.
  const finished = await precopyAlone(['campaign', 'run', 'mine.yaml', '--workers', '2'], { cwd });
  expect(finished).toEqual({
    exitCode: 0,
    stdout: expect.stringMatching(/2 of 2 mutants killed\nmine: holds; 4 of 4 shards done/),
    stderr: '',
  });
});
