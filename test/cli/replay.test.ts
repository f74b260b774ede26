import { beforeAll, describe, it } from 'vitest';
import { traceDocument } from '../../src/model/trace.ts';
import { type Finished, folderWith, precopy, small } from './precopy.ts';

const design = 'rmap-xchg/get-without-mmu-lock';
let checked: Finished;
let schedule: string;

beforeAll(async () => {
  checked = await precopy(['check', design, '--json', ...small]);
  schedule = JSON.parse(checked.stdout).mutants[0].counterexample.schedule;
});

describe('precopy replay', () => {
  it('shows each step of a schedule, and exits with 1 when a property is violated', async ({ expect }) => {
    const { exitCode, stdout, stderr } = await precopy(['replay', schedule]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
    expect(stdout).toMatch(
      /^rmap-xchg\/get-without-mmu-lock vcpus=1 pages=1 bitsPerWord=32 loggingOn=1 emulatingVcpus=1\n\n/,
    );
    expect(stdout).toMatch(/^>2 .*SYNC: callGetDirtyLog$/m);
    expect(stdout).toMatch(/^>>> mutual-exclusion is violated at step 2: /m);
  });

  it('exits with 0 when no property is violated', async ({ expect }) => {
    const nothing = schedule.replace(/[^:]*$/, 'AA');
    const { exitCode, stdout } = await precopy(['replay', nothing]);
    expect({ exitCode, last: stdout.trimEnd().split('\n').at(-1) }).toEqual({
      exitCode: 0,
      last: 'no property is violated in 0 steps',
    });
  });

  it('prints JSON of its schema', async ({ expect }) => {
    const { stdout } = await precopy(['replay', '--json', schedule]);
    const document = JSON.parse(stdout);
    expect(traceDocument.parse(document)).toEqual(document);
    expect(document.schedule).toBe(schedule);
  });

  it('draws a sequence diagram', async ({ expect }) => {
    const { stdout } = await precopy(['replay', '--format', 'mermaid', schedule]);
    expect(stdout).toMatch(/^sequenceDiagram\n/);
  });

  it('prints only the violated property with --quiet', async ({ expect }) => {
    expect((await precopy(['replay', '--quiet', schedule])).stdout).toBe('VIOLATED: mutual-exclusion\n');
  });

  it('reads the schedule from a file: text, the output of check, its JSON, or a trace', async ({ expect }) => {
    const trace = (await precopy(['replay', '--json', schedule])).stdout;
    const cwd = folderWith({
      schedule: `${schedule}\n`,
      'check.txt': `anything before\n\nreplay: npx precopy replay ${schedule}\n`,
      'check.json': checked.stdout,
      'trace.json': trace,
    });
    const replays = ['schedule', 'check.txt', 'check.json', 'trace.json'].map((file) =>
      precopy(['replay', '--quiet', file], { cwd }),
    );
    for (const { exitCode, stdout } of await Promise.all(replays)) {
      expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: 'VIOLATED: mutual-exclusion\n' });
    }
  });

  it('refuses a file with several counterexamples', async ({ expect }) => {
    const report = JSON.parse(checked.stdout);
    const cwd = folderWith({
      'check.json': JSON.stringify({ ...report, mutants: [report.mutants[0], report.mutants[0]] }),
    });
    const { exitCode, stderr } = await precopy(['replay', 'check.json'], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toBe(
      `precopy: check.json contains 2 counterexamples: ${design}, ${design}. give the schedule of one of them\n`,
    );
  });
});
