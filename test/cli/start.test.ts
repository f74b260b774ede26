import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { emptyFolder, executable, folderWith, precopy, precopyAlone } from './precopy.ts';

describe.concurrent('precopy', () => {
  it.for(['--help', 'designs --help', 'check --help', 'replay --help'])(
    'explains itself with examples: %s',
    async (command, { expect }) => {
      const { exitCode, stdout, stderr } = await precopy(command.split(' '));
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(stdout).toMatch(/^Usage: precopy/);
      expect(stdout).toMatch(/^Examples:\n( {2}#.*\n)? {2}node .*\bprecopy\.js/m);
    },
  );

  it('says its version', async ({ expect }) => {
    const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
    expect(await precopyAlone(['--version'])).toEqual({ exitCode: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('shows its help when nothing is asked of it, as wrong usage', async ({ expect }) => {
    const { exitCode, stdout, stderr } = await precopyAlone([]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^Usage: precopy/);
  });

  it('works through a symbolic link, as npx calls it', async ({ expect }) => {
    const link = join(emptyFolder(), 'precopy');
    symlinkSync(executable, link);
    expect((await precopyAlone(['designs', '--quiet'], { executable: link })).stdout).toContain('rmap-xchg\n');
  });

  it('does not care for the tsconfig.json and package.json of the folder that it is called in', async ({ expect }) => {
    const cwd = folderWith({ 'tsconfig.json': '{ broken', 'package.json': '{ "type": "commonjs" }' });
    mkdirSync(join(cwd, 'deeper'));
    expect((await precopyAlone(['designs', '--quiet'], { cwd: join(cwd, 'deeper') })).exitCode).toBe(0);
  });
});
