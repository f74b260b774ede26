import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { printable, printableWithStyles } from '../../src/cli/report/printable.ts';
import { buttonDesign } from './own-designs.ts';
import { executable, folderWith, precopy } from './precopy.ts';

describe('what a terminal would obey', () => {
  it.each([
    ['an escape', '\u001b[2J', '\\u001b[2J'],
    ['the eight-bit form of one', '\u009b2J', '\\u009b2J'],
    ['a return', 'holds\rfails', 'holds\\u000dfails'],
    ['a change of direction', 'a\u202eb', 'a\\u202eb'],
    ['NUL', 'a\0b', 'a\\u0000b'],
  ])('%s is printed as an escape', (_, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('is not in lines, tabs, colours and letters of any script', () => {
    expect(printable('a\n\tä 中 🙂')).toBe('a\n\tä 中 🙂');
    expect(printableWithStyles('\u001b[31mred\u001b[39m \u001b[2J')).toBe('\u001b[31mred\u001b[39m \\u001b[2J');
  });

  it('reaches no terminal from an error, and no verdict can be forged by a title', async () => {
    const cwd = folderWith({
      'throws.ts': 'throw new Error("\\u001b[2J\\u202e");',
      'forges.ts': buttonDesign({}).replace("title: 'a button'", "title: 'a\\nbutton holds'"),
    });
    const thrown = await precopy(['check', 'throws.ts'], { cwd });
    expect(thrown).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Error: \\u001b[2J\\u202e') });
    const forged = await precopy(['check', 'forges.ts'], { cwd });
    expect(forged).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining('has a line break') });
  });
});

describe('the command that replays a counterexample works as it is printed', () => {
  it.each(['./a', '-x', "it's", '$(exit)', 'ünï-中'])('for a design called %s', async (id) => {
    const cwd = folderWith({ 'my button.ts': buttonDesign({ id: id.replaceAll("'", "\\'"), forbidden: true }) });
    const { stdout } = await precopy(['check', 'my button.ts', '--quiet'], { cwd });
    const [, command = ''] = /^replay: (node \S+ replay .*)$/m.exec(stdout) ?? [];
    const words = execFileSync('bash', ['-c', `printf '%s\\0' ${command}`], { encoding: 'utf8' })
      .split('\0')
      .slice(0, -1);
    expect(words.slice(0, 3)).toEqual(['node', executable, 'replay']);
    const replayed = await precopy(['replay', '--quiet', ...words.slice(3)], { cwd });
    expect(replayed).toEqual({ exitCode: 1, stdout: 'VIOLATED: dark\n', stderr: '' });
  });
});
