import { execFileSync, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { scripts } from '../../src/cli/completion/scripts.ts';

const executable = fileURLToPath(new URL('../../bin/precopy.js', import.meta.url));
const isInstalled = (shell: string): boolean => spawnSync(shell, ['-c', 'true']).error === undefined;
const run = (shell: string, args: readonly string[]): string => execFileSync(shell, args, { encoding: 'utf8' });

it.runIf(isInstalled('zsh'))('zsh completes names, and files where there are none', () => {
  const line = `compdef() {}; eval "$1"; compadd() { print -r -- "$@" }; _files() { print files }
words=($0 check --strategy p); CURRENT=4; _precopy
words=($0 check --param vc); CURRENT=4; _precopy
words=($0 replay ./x); CURRENT=3; _precopy`;
  expect(run('zsh', ['-f', '-c', line, executable, scripts.zsh]).split('\n')).toEqual([
    '-S  --',
    '-- pct pos',
    '-S  -- vcpus=',
    '--',
    'files',
    '',
  ]);
});

it.runIf(isInstalled('fish'))('fish completes names', () => {
  const line = `${scripts.fish}
function precopy; ${executable} $argv; end
complete -C 'precopy check --strategy p'`;
  expect(run('fish', ['--no-config', '-c', line])).toBe('pct\npos\n');
});
