import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { emptyFolder, type Finished, precopyAlone, small } from './precopy.ts';

const own = fileURLToPath(new URL('../..', import.meta.url));
const copied = [
  'bin',
  'machines',
  'package.json',
  'profiles',
  'properties',
  'scripts',
  'src',
  'tsconfig.base.json',
  'vite.config.ts',
];
const source = 'src/cli/main.ts';
const inSource = 'Model-checks KVM dirty logging';
const inDist = 'Built, it says so here!       ';

/** A copy of precopy, built; what is built says something else than its source. */
const copy = emptyFolder();
const executable = join(copy, 'bin', 'precopy.js');

function build(): void {
  execFileSync(process.execPath, ['--import', 'tsx', 'scripts/build.ts'], { cwd: copy });
  replaceIn('dist/src/cli/main.js', inSource, inDist);
}

function replaceIn(file: string, text: string, by: string): void {
  const path = join(copy, file);
  const before = readFileSync(path, 'utf8');
  expect(before).toContain(text);
  writeFileSync(path, before.replace(text, by));
}

/** What `--help` says what precopy is. */
const help = async (): Promise<string> => (await precopyAlone(['--help'], { executable })).stdout;

/** A design of a person's own and its mutant, made of what `precopy` and `precopy/kvm` export. */
const designs = ['late-flush', 'late-flush/no-flush'].map((id) => join(own, `examples/own-tests/late-flush.ts:${id}`));
const verdicts = (): Promise<Finished> =>
  precopyAlone(['check', ...designs, ...small, '--no-liveness', '--quiet'], { executable });

describe('precopy runs what `npm ci` has built', () => {
  let built: Finished;

  beforeAll(async () => {
    for (const name of copied) cpSync(join(own, name), join(copy, name), { recursive: true });
    symlinkSync(join(own, 'node_modules'), join(copy, 'node_modules'));
    build();
    built = await verdicts();
  });

  it('where the sources are those of the build', async () => {
    expect(await help()).toContain(inDist);
  });

  it('also where they were written later, as by an installation', async () => {
    utimesSync(join(copy, source), new Date('2099-01-01'), new Date('2099-01-01'));
    expect(await help()).toContain(inDist);
  });

  it('and the sources where one has changed, though it is as long', async () => {
    replaceIn(source, inSource, inSource.toUpperCase());
    expect(await help()).toContain(inSource.toUpperCase());
    replaceIn(source, inSource.toUpperCase(), inSource);
  });

  it('and the sources where one is shorter, and says to be older', async () => {
    replaceIn(source, inSource, 'Checks');
    utimesSync(join(copy, source), new Date('2000-01-01'), new Date('2000-01-01'));
    expect(await help()).toContain('Checks and QEMU');
    replaceIn(source, 'Checks', inSource);
  });

  it('and the sources where nothing is built, to the same verdicts, schedules and exit code', async () => {
    expect(built).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/^replay: node .*\bprecopy\.js replay/m),
      stderr: '',
    });
    rmSync(join(copy, 'dist'), { recursive: true });
    expect(await verdicts()).toEqual(built);
  });
});
