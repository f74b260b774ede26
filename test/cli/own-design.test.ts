import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';
import { buttonDesign, caveatDesigns } from './own-designs.ts';
import { folderWith, precopy } from './precopy.ts';

const examples = fileURLToPath(new URL('../../examples', import.meta.url));

describe.concurrent('a design of your own', () => {
  it('is checked from its TypeScript file, outside of this package, with no build and no node_modules', async ({
    expect,
  }) => {
    const cwd = folderWith({ 'my-design.ts': buttonDesign({}) });
    const { exitCode, stdout, stderr } = await precopy(['check', './my-design.ts'], { cwd });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^button holds\n {2}a button\n {2}at rooms=1\n {2}2 states, 2 transitions, depth 2,/);
  });

  it('may import its own files, and be in a CommonJS package', async ({ expect }) => {
    const cwd = folderWith({
      'package.json': '{ "type": "commonjs" }',
      'button.ts': buttonDesign({}),
      'design.ts': 'import button from "./button.ts";\nexport const designs: readonly unknown[] = [button];\n',
    });
    expect((await precopy(['check', 'design.ts', '--quiet'], { cwd })).stdout).toBe('button holds\n');
  });

  it('is told what its verdict does not say, or refused if that is all', async ({ expect }) => {
    const cwd = folderWith({
      'designs.ts': caveatDesigns,
      'waits.ts': `export { waits as default } from './designs.ts';`,
    });
    const { exitCode, stdout } = await precopy(['check', 'designs.ts', '--no-liveness', '--json'], { cwd });
    expect(exitCode).toBe(0);
    const [both, covers] = JSON.parse(stdout).designs;
    expect(both.properties).toContainEqual({ id: 'ends', kind: 'leads-to', verdict: 'inconclusive' });
    expect(covers.untaken).toEqual([{ machine: 'a', source: 'end', event: 'WAIT', index: 0, target: 'waiting' }]);
    const quiet = await precopy(['check', 'designs.ts', '--no-liveness', '--quiet'], { cwd });
    expect(quiet.stdout).toMatch(/^both holds\n {2}NOT DECIDED: ends: this run checks safety only$/m);
    expect(quiet.stdout).toMatch(/^covers holds\n {2}NOTHING STATED: covers has no properties besides covers/m);
    const refused = await precopy(['check', 'waits.ts', '--strategy', 'random'], { cwd });
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
    expect(refused.stderr).toMatch(
      /^precopy: waits has no other properties than leads-to properties, which this strategy/,
    );
  });

  it('is told once of a mistake that two searches find', async ({ expect }) => {
    const cwd = folderWith({ 'mute.ts': caveatDesigns.replace('never: () => false', 'never: () => undefined') });
    const { exitCode, stderr } = await precopy(['check', 'mute.ts'], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toBe(
      "precopy: machine 'a': the guard 'never' returns undefined. return true or false, from a function that is not async\n",
    );
  });

  it('has its own params', async ({ expect }) => {
    const cwd = folderWith({ 'button.ts': buttonDesign({}) });
    const { stdout } = await precopy(['check', 'button.ts', '--param', 'rooms=3'], { cwd });
    expect(stdout).toContain('at rooms=3');
  });

  it('is replayed with --file, as the last line of a check shows', async ({ expect }) => {
    const cwd = folderWith({ 'my button.ts': buttonDesign({ forbidden: true }) });
    const { exitCode, stdout } = await precopy(['check', './my button.ts', '--quiet'], { cwd });
    expect(exitCode).toBe(1);
    const [, schedule = ''] = /^replay: node \S+ replay --file '\.\/my button\.ts' (\S+)$/m.exec(stdout) ?? [];
    const again = await precopy(['replay', '--file', './my button.ts', schedule], { cwd });
    expect(again.exitCode).toBe(1);
    expect(again.stdout).toContain('>>> dark is violated at step 1: the room is dark');
  });

  it('is refused for a name that nothing has, with the nearest one', async ({ expect }) => {
    const design = buttonDesign({});
    const misspelt = {
      'state.ts': [
        design.replace('down: {}', 'down: {}, dwon: {}'),
        "machine 'hand': there is no way into the state 'dwon'",
      ],
      'key.ts': [
        design.replace("target: 'down'", "traget: 'down'"),
        "STEP: there is no key 'traget' (did you mean 'target'?)",
      ],
      'cell.ts': [buttonDesign({ press: '({ context: { room } }) => room.lti.set(true)' }), "(did you mean 'lit'?)"],
    } as const;
    const cwd = folderWith(Object.fromEntries(Object.entries(misspelt).map(([file, [text]]) => [file, text])));
    for (const [file, [, text]] of Object.entries(misspelt)) {
      const { exitCode, stderr } = await precopy(['check', file, '--quiet'], { cwd });
      expect({ exitCode, lines: stderr.split('\n').length }).toEqual({ exitCode: 2, lines: 2 });
      expect(stderr).toContain(text);
    }
  });

  it('may have mutants: the default export and the list `designs` are checked, each once', async ({ expect }) => {
    const { exitCode, stdout } = await precopy(['check', `${examples}/peterson.ts`, '--quiet']);
    expect(exitCode).toBe(1);
    expect(stdout.split('\n').slice(0, 4)).toEqual([
      'peterson holds',
      'peterson/turn-before-flag VIOLATED: mutual-exclusion',
      'peterson-fenced holds',
      'peterson-fenced/no-fence VIOLATED: mutual-exclusion',
    ]);
    const table = await precopy(['check', '--mutants', `${examples}/peterson.ts`, '--quiet']);
    expect(table).toEqual({ exitCode: 0, stdout: '2 of 2 mutants killed\n', stderr: '' });
  });
});
