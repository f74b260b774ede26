import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { completeWords } from '../../src/cli/completion/complete-words.ts';
import { knownNames } from '../../src/cli/completion/known-names.ts';
import { scripts } from '../../src/cli/completion/scripts.ts';
import { program } from '../../src/cli/main.ts';
import { emptyFolder, executable } from './precopy.ts';

const complete = (line: string): Promise<string[]> => completeWords(program(), line.split(' '), knownNames);

describe('a command line is completed', () => {
  it.each([
    ['che', ['check']],
    ['host m', ['measure']],
    ['check rmap-xchg/no-flush', ['rmap-xchg/no-flush', 'rmap-xchg/no-flush-at-start']],
    ['check rmap-xchg --strat', ['--strategy']],
    ['check rmap-xchg --strategy p', ['pct', 'pos']],
    ['check --reductions s', ['symmetry']],
    ['check --param vc', ['vcpus=']],
    ['check --property no-l', ['no-lost-write']],
    ['check --show start-', ['start-waits-for-readers']],
    ['replay --format c', ['columns', 'commit']],
    ['simulate --profile ep', ['epyc-2026']],
    ['simulate --sweep down', ['downtime-limit=']],
    ['completion ', ['bash', 'fish', 'zsh']],
  ])('%s', async (line, names) => {
    expect(await complete(line)).toEqual(names);
  });

  it('with every command that help shows, and no hidden one', async () => {
    const names = await complete('');
    expect(names).toContain('completion');
    expect(names).not.toContain('complete-words');
  });

  it('with the designs again after the value of an option', async () => {
    expect(await complete('check --strategy pct unlocked')).toEqual(
      (await complete('check unlocked')).filter((name) => name.startsWith('unlocked')),
    );
    expect(await complete('check --strategy pct unlocked-f')).toContain('unlocked-flush');
  });

  it('with nothing where the shell completes files', async () => {
    for (const line of ['replay ', 'replay --file ', 'simulate --html ', 'check ./']) {
      expect(await complete(line), line).toEqual([]);
    }
  });
});

describe('a shell completes with the script', () => {
  const run = promisify(execFile);

  it('bash', async () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: of bash
    const line = 'eval "$1"; COMP_WORDS=("$0" check --strategy p); COMP_CWORD=3; _precopy "$0"; echo "${COMPREPLY[*]}"';
    const { stdout } = await run('bash', ['--norc', '-c', line, executable, scripts.bash], { cwd: emptyFolder() });
    expect(stdout).toBe('pct pos\n');
  });
});
