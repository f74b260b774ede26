import { describe, it } from 'vitest';
import { emptyFolder, precopyInTurn, small } from './precopy.ts';

const commands = [
  ['designs'],
  ['check', 'rmap-xchg', '--coverage', ...small],
  ['check', '--mutants', 'rmap-xchg', ...small],
  ['check', '--help'],
  ['replay', '--help'],
  ['--help'],
];

/** Commands, schedules and paths are not broken. */
const isText = (line: string): boolean => !/^( *npx precopy|replay: |for a counterexample: )/.test(line);

describe.concurrent('text with --width', () => {
  it.for([60, 80, 100])('%i fits, in a pipe too', async (width, { expect }) => {
    const lines = commands.map((command) => [...command, '--width', String(width)]);
    for (const { stdout } of await precopyInTurn(lines, { cwd: emptyFolder() })) {
      expect(stdout).not.toBe('');
      expect(stdout.split('\n').filter((line) => isText(line) && line.length > width)).toEqual([]);
    }
  });

  it('below 40 is refused', async ({ expect }) => {
    const [refused] = await precopyInTurn([['designs', '--width', '39']], { cwd: emptyFolder() });
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
    expect(refused?.stderr).toBe('precopy: --width is 39. give at least 40 columns\n');
  });
});
