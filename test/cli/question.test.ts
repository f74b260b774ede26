import { beforeAll, describe, expect, it } from 'vitest';
import { checkDocument } from '../../src/app/check/check-schema.ts';
import { buttonDesign } from './own-designs.ts';
import { type Finished, folderWith, precopy } from './precopy.ts';

const twoButtons = buttonDesign({ forbidden: true })
  .replace('export default defineDesign({', 'const button = defineDesign({')
  .concat("export const designs = [button, { ...button, id: 'lamp', title: 'a lamp' }];\n");

const commands = {
  until: ['check', 'buttons.ts:button', '--until', 'hand in down and room.lit'],
  untilJson: ['check', 'buttons.ts:button', '--until', 'hand in down', '--json', '--quiet'],
  unreachable: ['check', 'buttons.ts:button', '--until', 'hand in down and not room.lit'],
  inconclusive: ['check', 'buttons.ts:button', '--until', 'hand in down', '--max-states', '1'],
  misspelt: ['check', 'buttons.ts:button', '--until', 'hand in down and rom.lit'],
  show: ['check', 'buttons.ts:button', '--show', 'lit', '--format', 'mermaid'],
  property: ['check', 'buttons.ts:lamp', '--property', 'well-formed'],
  all: ['check', 'buttons.ts:button', '--all'],
  one: ['check', 'buttons.ts:lmap'],
  noDesign: ['check', '--until', 'hand in down'],
  twoQuestions: ['check', 'buttons.ts', '--show', 'lit', '--property', 'dark'],
  strategy: ['check', 'buttons.ts', '--all', '--strategy', 'pct'],
};
type Name = keyof typeof commands;

let finished: Readonly<Record<Name, Finished>>;

beforeAll(async () => {
  const cwd = folderWith({ 'buttons.ts': twoButtons });
  const all = await Promise.all(Object.values(commands).map((command) => precopy(command, { cwd })));
  finished = Object.fromEntries(Object.keys(commands).map((name, n) => [name, all[n]])) as typeof finished;
});

const refuses = (name: Name, line: string, excerpt = ''): void => {
  expect(finished[name]).toEqual({ exitCode: 2, stdout: '', stderr: `precopy: ${line}\n${excerpt}` });
};

describe('precopy check --until', () => {
  it('prints a run to a state, and the command that replays it', () => {
    const { exitCode, stdout } = finished.until;
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^button reached in 1 step: hand in down and room\.lit$/m);
    expect(stdout).toMatch(/^A shortest run, executed by live actors:$/m);
    expect(stdout).toMatch(/^>>> reached at step 1: hand in down and room\.lit$/m);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(
      /^replay: .*replay --file buttons\.ts --property well-formed button@\S+$/,
    );
  });

  it('proves that no run gets there, with exit code 1', () => {
    expect(finished.unreachable).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(
        /^button UNREACHABLE: hand in down and not room\.lit: no run gets there, which is proved at these\n? *params\n/,
      ),
    });
  });

  it('is inconclusive at a limit, with exit code 3', () => {
    expect(finished.inconclusive).toMatchObject({
      exitCode: 3,
      stdout: expect.stringMatching(/^button inconclusive: stopped by --max-states: not reached within 0 steps: /),
    });
  });

  it('prints a document of its schema', () => {
    const document = JSON.parse(finished.untilJson.stdout);
    expect(checkDocument.parse(document)).toEqual(document);
    expect(document.designs).toMatchObject([
      {
        verdict: 'holds',
        goal: { until: 'hand in down', run: { length: 1, trace: { reached: { property: 'until' } } } },
      },
    ]);
  });

  it('marks the place of a mistake', () => {
    refuses(
      'misspelt',
      "--until, column 18: there is no actor or memory region 'rom' (did you mean 'room'?). there are hand, room, params, posted, nobody",
      '  hand in down and rom.lit\n                   ^^^\n',
    );
  });
});

describe('precopy check', () => {
  it('--show prints a run that hits a cover, in the format that is asked for', () => {
    expect(finished.show).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^sequenceDiagram$/m) });
    expect(finished.show.stdout).toMatch(/reached at step 1<br\/>the room is lit/);
  });

  it('--property checks this one only', () => {
    expect(finished.property).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^lamp holds$/m) });
    expect(finished.property.stdout).toMatch(/^ {2}1 property holds: well-formed$/m);
    expect(finished.property.stdout).not.toMatch(/NOTHING STATED/);
  });

  it('--all counts violating and terminal states, and shows each counterexample', () => {
    const { exitCode, stdout } = finished.all;
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^button VIOLATED: dark$/m);
    expect(stdout).toMatch(/^ {2}dark: violated in 1 state$/m);
    expect(stdout).toMatch(/^ {2}1 terminal state, all valid$/m);
    expect(stdout).toMatch(/^A shortest counterexample to dark, confirmed on live actors:$/m);
    expect(stdout).toMatch(/^replay: .*replay --file buttons\.ts --property dark button@\S+$/m);
  });

  it('refuses what cannot be asked', () => {
    refuses('one', "buttons.ts exports no design 'lmap' (did you mean 'lamp'?). it exports button, lamp");
    refuses('noDesign', 'there is no design to search. name a design or a mutant; `precopy designs` lists all');
    refuses('twoQuestions', '--show cannot be combined with --property. leave one of the two out');
    refuses('strategy', '--all cannot be combined with --strategy pct. --all is for --strategy exhaustive');
  });
});
