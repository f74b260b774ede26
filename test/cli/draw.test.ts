import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { emptyFolder, precopy } from './precopy.ts';

describe('precopy draw', () => {
  it('draws each machine of a design once, with its states, guards and actions', async () => {
    const out = join(emptyFolder(), 'machines.svg');
    const { exitCode, stdout } = await precopy(['draw', 'rmap-xchg', '--out', out]);
    expect([exitCode, stdout]).toEqual([0, `${out}: 10 statecharts\n`]);
    const svg = readFileSync(out, 'utf8');
    for (const text of ['getDirtyLog', 'xchgWord', 'wordIsClean', 'xchgDirtyWord']) expect(svg).toContain(text);
    expect(svg.match(/<svg/g)).toHaveLength(11);
  });

  it('draws the machine of one role of a file of one’s own, to stdout', async () => {
    const { exitCode, stdout } = await precopy([
      'draw',
      `${process.cwd()}/examples/peterson.ts:peterson`,
      '--machine',
      'left',
    ]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('raiseFlag');
    expect(stdout.trimEnd()).toMatch(/<\/svg>$/);
  });

  it('escapes what a design says', async () => {
    const folder = emptyFolder();
    const text = readFileSync('examples/peterson.ts', 'utf8')
      .replaceAll('otherFlagIsDown', "'<b>&'")
      .replaceAll("''<b>&''", "'<b>&'");
    writeFileSync(join(folder, 'own.ts'), text);
    const { exitCode, stdout } = await precopy(['draw', join(folder, 'own.ts:peterson')]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('&lt;b&gt;&amp;');
    expect(stdout).not.toContain('<b>');
  });

  it('refuses a role that is none, and a file that cannot be written', async () => {
    expect(await precopy(['draw', 'rmap-xchg', '--machine', 'vcpus'])).toMatchObject({
      exitCode: 2,
      stderr: /did you mean 'vcpu'|vcpu/,
    });
    expect(await precopy(['draw', 'rmap-xchg', '--out', '/nowhere/x.svg'])).toMatchObject({ exitCode: 2 });
  });
});
