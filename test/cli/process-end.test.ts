import { spawnSync } from 'node:child_process';
import { existsSync, openSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { isNightly } from '../support/nightly.ts';
import { buttonDesign } from './own-designs.ts';
import { executable, folderWith, precopyAlone } from './precopy.ts';

/** What the file of a design does besides, and what is said about it. */
const misbehaviours: Readonly<Record<string, readonly [code: string, answer: RegExp, press?: string]>> = {
  'exits.ts': ['process.exit(0);', /^exits\.ts:1 calls process\.exit while it loads/],
  'catches.ts': ['try { process.exit(0); } catch {}', /^catches\.ts:1 calls process\.exit while it loads/],
  'exits-deep.ts': [
    '(process as any).reallyExit(0);',
    /^exits-deep\.ts ends the process, or waits for ever, while it loads/,
  ],
  'waits.ts': ['await new Promise(() => {});', /^waits\.ts ends the process, or waits for ever, while it loads/],
  'exits-later.ts': [
    'setTimeout(() => process.exit(0));',
    /^exits-later\.ts ends the process, or waits for ever, while it is used/,
  ],
  'rejects.ts': [
    'Promise.reject(new Error("no hands"));',
    /^rejects\.ts:1 throws after it has loaded: Error: no hands/,
  ],
  'rejects-nothing.ts': ['Promise.reject();', /^rejects-nothing\.ts throws after it has loaded: undefined/],
  'throws-later.ts': [
    'setTimeout(() => { throw new TypeError("no hands"); });',
    /^throws-later\.ts:1 throws after it has loaded/,
  ],
  'throws-nothing.ts': ['throw undefined;', /^throws-nothing\.ts throws while it loads: undefined/],
  'throws-object.ts': [
    'throw Object.create(null);',
    /^throws-object\.ts throws while it loads: something that has no text/,
  ],
  'stackless.ts': [
    'Error.stackTraceLimit = 0;',
    /^stackless\.ts:\d+ throws while it is checked: Error: pressed/,
    "() => { throw new Error('pressed'); }",
  ],
  'closes.ts': ['import { closeSync } from "node:fs"; closeSync(1);', /^stdout cannot be written: .*EBADF/],
};

const cwd = folderWith({
  ...Object.fromEntries(
    Object.entries(misbehaviours).map(([name, [code, , press]]) => [
      name,
      `${code}${buttonDesign(press ? { press } : {})}`,
    ]),
  ),
  'handlers.ts': `
    setInterval(() => { process.exitCode = 1; }, 1);
    for (const name of ['exit', 'SIGINT', 'uncaughtException']) process.on(name, () => { process.exitCode = 1; });
    ${buttonDesign({})}`,
});

/** Each takes a process: in the unit suite the ways that are least alike. */
const byDay = ['exits.ts', 'waits.ts', 'exits-later.ts', 'rejects.ts', 'throws-later.ts', 'closes.ts'];

describe.concurrent('the file of a design', () => {
  it.each(isNightly ? Object.keys(misbehaviours) : byDay)('%s gives one line, and exit code 2', async (name) => {
    const [, answer] = misbehaviours[name] as (typeof misbehaviours)[string];
    const { exitCode, stdout, stderr } = await precopyAlone(['check', name], { cwd });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^precopy: .*\n$/);
    expect(stderr.slice('precopy: '.length)).toMatch(answer);
  });

  it('has no say in the exit code, and does not keep the process', async () => {
    const { exitCode, stdout } = await precopyAlone(['check', 'handlers.ts', '--quiet'], { cwd });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: 'button holds\n' });
  });
});

describe.skipIf(!existsSync('/dev/full'))('a full disk', () => {
  it.each([['check', 'rmap-xchg', '--pages', '1', '--vcpus', '1'], ['designs', '--json'], ['--help']])(
    'under the output of %s %s gives one line, and exit code 2',
    (...args) => {
      const { status, stderr } = spawnSync(process.execPath, [executable, ...args], {
        stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
        encoding: 'utf8',
      });
      expect({ status, stderr }).toEqual({
        status: 2,
        stderr: 'precopy: stdout cannot be written: ENOSPC: no space left on device, write. send it elsewhere\n',
      });
    },
  );
});
