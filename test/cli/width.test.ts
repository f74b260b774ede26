import { beforeAll, describe, expect, it } from 'vitest';
import { CommandProcess, type Finished, small } from './precopy.ts';

const commands = [
  ['designs'],
  ['check', 'rmap-xchg', '--coverage', ...small],
  ['check', '--mutants', 'rmap-xchg/no-flush', 'rmap-xchg/load-store', 'rmap-xchg/restart-when-dirty', ...small],
  ['check', '--help'],
  ['replay', '--help'],
  ['--help'],
];
const widths = [60, 80, 100];

/** Commands, schedules and paths are not broken. */
const isText = (line: string): boolean => !/^( *node \S*precopy\.js|replay: |for a counterexample: )/.test(line);

describe('text with --width', () => {
  let finished: readonly Finished[];
  beforeAll(async () => {
    const lines = widths.flatMap((width) => commands.map((command) => [...command, '--width', String(width)]));
    const process = new CommandProcess();
    finished = await Promise.all([...lines, ['designs', '--width', '39']].map((line) => process.run(line)));
  });

  it.each(widths)('%i fits, in a pipe too', (width) => {
    const first = widths.indexOf(width) * commands.length;
    for (const { stdout } of finished.slice(first, first + commands.length)) {
      expect(stdout).not.toBe('');
      expect(stdout.split('\n').filter((line) => isText(line) && line.length > width)).toEqual([]);
    }
  });

  it('below 40 is refused', () => {
    const refused = finished.at(-1);
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
    expect(refused?.stderr).toBe('precopy: --width is 39. give at least 40 columns\n');
  });
});
