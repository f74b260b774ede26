import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'vitest';
import { checkDocument } from '../../src/app/check/check-schema.ts';
import { quickAndEndless } from './own-designs.ts';
import { folderWith, start } from './precopy.ts';

const cwd = folderWith({ 'counting.ts': quickAndEndless });

describe.concurrent('Ctrl-C', () => {
  it('prints the partial result, and the designs that were not checked', async ({ expect }) => {
    const running = start(['check', 'counting.ts'], { cwd });
    await running.prints('quick  ');
    running.child.kill('SIGINT');
    const { exitCode, stdout, stderr } = await running.finished;
    expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: '' });
    expect(stdout).toMatch(/^endless inconclusive: interrupted; the figures are partial$/m);
    expect(stdout).toMatch(/^interrupted; not checked: never-begun$/m);
  });

  it.for(['SIGTERM', 'SIGHUP'] as const)('has the effect of %s: the checkpoint stays', async (signal, { expect }) => {
    const running = start(['check', 'counting.ts', '--checkpoint', signal], { cwd });
    await running.prints('quick  ');
    running.child.kill(signal);
    const { exitCode, stdout } = await running.finished;
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/^endless inconclusive: interrupted; the figures are partial$/m);
    expect(readdirSync(join(cwd, signal))).toEqual(['endless.checkpoint']);
  });

  it('leaves valid JSON on stdout', async ({ expect }) => {
    const running = start(['check', 'counting.ts', '--json'], { cwd });
    await running.prints('quick  ');
    running.child.kill('SIGINT');
    const { exitCode, stdout } = await running.finished;
    expect(exitCode).toBe(3);
    const document = JSON.parse(stdout);
    expect(checkDocument.parse(document)).toEqual(document);
    const [quick, endless, ...more] = document.designs;
    expect(quick.verdict).toBe('holds');
    expect(endless).toMatchObject({ verdict: 'inconclusive', stoppedBy: 'interrupt' });
    expect(more).toEqual([]);
    expect(document.notChecked).toEqual([{ design: 'never-begun', reason: 'interrupted' }]);
  });
});

describe.concurrent('a pipe', () => {
  it('that its reader closes ends the check silently, and not as if all properties held', async ({ expect }) => {
    const running = start(['check', 'counting.ts', '--time', '500ms'], { cwd });
    await running.prints('quick  ');
    running.child.stdout.destroy();
    const { exitCode, stderr } = await running.finished;
    expect({ exitCode, stderr }).toEqual({ exitCode: 141, stderr: '' });
  });

  it('shows no progress', async ({ expect }) => {
    const { stdout, stderr } = await start(['check', 'counting.ts', '--time', '500ms'], { cwd }).finished;
    expect(`${stdout}${stderr}`).not.toContain('\u001b');
    expect(stderr).toBe('');
  });
});
