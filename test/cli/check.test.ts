import { describe, it } from 'vitest';
import { designs } from '../../machines/designs/index.ts';
import { mutants } from '../../machines/mutants/index.ts';
import { checkDocument } from '../../src/app/check/check-schema.ts';
import { isNightly } from '../support/nightly.ts';
import { buttonDesign } from './own-designs.ts';
import { folderWith, precopy, precopyAlone, small } from './precopy.ts';

interface Entry {
  readonly design: string;
  readonly verdict: string;
  readonly killed?: boolean;
  readonly atOwnParams?: boolean;
}

describe.concurrent('precopy check', () => {
  it('prints the verdict, the params, and the figures of the search', async ({ expect }) => {
    const { exitCode, stdout, stderr } = await precopy(['check', 'rmap-xchg', '--vcpus', '1', '--pages', '1']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^rmap-xchg holds$/m);
    expect(stdout).toMatch(/^ {2}Linux 3\.5 and 3\.6 \(60c34612b707\)$/m);
    expect(stdout).toMatch(/^ {2}at vcpus=1 pages=1 bitsPerWord=32 emulatingVcpus=1$/m);
    expect(stdout).toMatch(
      /^ {2}[\d,]+ states, [\d,]+ transitions, depth \d+, [\d.]+ s \([\d.,]+[kM]? transitions\/s\)$/m,
    );
    expect(stdout).toMatch(/^ {2}collision probability \d\.\dE-\d+, tables [\d.]+ [KM]iB$/m);
    expect(stdout).toMatch(/^ {2}9 properties hold: final-image, /m);
    expect(stdout).toMatch(/^ {2}11 of 11 covers hit$/m);
  });

  it('shows a counterexample, and ends with the command that replays it', async ({ expect }) => {
    const { exitCode, stdout, stderr } = await precopy(['check', 'rmap-xchg/no-flush', ...small]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
    expect(stdout).toMatch(/^rmap-xchg\/no-flush VIOLATED: logged-or-protected$/m);
    expect(stdout).toMatch(/^ +vcpu0 +mmuLock +getDirtyLog +slotsLock\n[ |]+ srcu [ |]+ migration/m);
    expect(stdout).toMatch(/^>>> logged-or-protected is violated at step \d+: /m);
    const last = stdout.trimEnd().split('\n').at(-1) ?? '';
    expect(last).toMatch(/^replay: node \S+ replay rmap-xchg\/no-flush@vcpus=1,pages=1,\S+$/);
    const again = await precopy(last.split(' ').slice(3));
    expect(again.exitCode).toBe(1);
    expect(stdout).toContain(again.stdout);
  });

  it('counts transitions with --coverage', async ({ expect }) => {
    const { exitCode, stdout, stderr } = await precopy(['check', 'rmap-xchg', '--coverage', '--json', ...small]);
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(
      /^ {2}get-dirty-log: copyToUser on STEP -> inUserspace\n {4}taken [\d,]+, new states [\d,]+$/m,
    );
    expect(stderr).toMatch(/^ {2}unreached transitions: (.*\n)*?.*vcpu: inGuest on EVICT/m);
    expect(stderr).toMatch(/^ {2}constant cells: /m);
    const document = JSON.parse(stdout);
    expect(checkDocument.parse(document)).toEqual(document);
    const [{ coverage, states }] = document.designs;
    expect(coverage.transitions.reduce((sum: number, { newStates }: { newStates: number }) => sum + newStates, 1)).toBe(
      states,
    );
  });

  it('checks liveness at params of its own; --liveness and --no-liveness choose the kind of property', async ({
    expect,
  }) => {
    const { exitCode, stdout } = await precopy(['check', 'rmap-xchg', '--liveness', ...small]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^rmap-xchg holds under fairness$/m);
    expect(stdout).toMatch(/^ {2}5 properties hold in every fair run: lock-is-granted, ipi-is-taken, /m);
    expect(stdout).not.toMatch(/^rmap-xchg holds$/m);
    const safety = await precopy(['check', 'rmap-xchg', '--no-liveness', '--quiet', '--vcpus', '1', '--pages', '1']);
    expect(safety).toMatchObject({ exitCode: 0, stderr: '' });
    expect(safety.stdout).toMatch(/^rmap-xchg holds\n {2}NOT DECIDED: (.*\n)*.*lock-is-granted/);
  });

  it('shows an infinite run, and the command that replays it', async ({ expect }) => {
    const { exitCode, stdout } = await precopy(['check', 'rmap-xchg/restart-when-dirty', '--json']);
    expect(exitCode).toBe(1);
    const document = JSON.parse(stdout);
    expect(checkDocument.parse(document)).toEqual(document);
    const [{ checks, counterexample }] = document.mutants;
    expect(checks).toEqual(['liveness']);
    const { property, stem, cycle, length, schedule, trace } = counterexample;
    expect({ property, length }).toEqual({ property: 'ioctl-returns', length: stem + cycle });
    expect(trace.cycle).toBe(cycle);
    const again = await precopy(['replay', schedule]);
    expect(again.exitCode).toBe(1);
    expect(again.stdout).toMatch(/^--- from here on steps \d+ to \d+ repeat for ever -+$/m);
  });

  it.for([
    ['--max-states', '1k'],
    ['--max-memory', '1B'],
    ['--time', '1us'],
  ])('ends with a partial verdict at a limit: %s %s', async ([option = '', limit = ''], { expect }) => {
    const { exitCode, stdout } = await precopy(['check', 'srcu-switch', option, limit]);
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(
      new RegExp(`^srcu-switch inconclusive: stopped by ${option}; the figures are partial$`, 'm'),
    );
    expect(stdout).toMatch(/[\d,]+ states? not expanded/);
  });

  it('reports a cover that was not hit, with --quiet too', async ({ expect }) => {
    const cwd = folderWith({ 'button.ts': buttonDesign({ vacuous: true }) });
    const { exitCode, stdout } = await precopy(['check', 'button.ts', '--quiet'], { cwd });
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      'button holds\n  NOT HIT: lit: no step or state covers "the room is lit", so the verdict may be vacuous\n',
    );
  });

  it('lists which property kills each mutant, and the mutants that were searched below their own params', async ({
    expect,
  }) => {
    const { exitCode, stdout } = await precopy(['check', '--mutants', 'rmap-xchg', ...small]);
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/^mutant +killed by +steps +states +time$/m);
    expect(stdout).toMatch(/^rmap-xchg\/get-without-mmu-lock +mutual-exclusion +2 +[\d,]+ +\d\.\d\d s$/m);
    expect(stdout).toMatch(/^rmap-xchg\/load-store +not at these params +- +[\d,]+ /m);
    expect(stdout).toMatch(/^\d+ mutants not killed at these params, which are below their own/m);
    expect(stdout).not.toContain('SURVIVED');
    expect(stdout).not.toContain('srcu-switch/');
  });

  it('fails when a mutant survives at its own params', async ({ expect }) => {
    const harmless = "defineMutant(design, 'harmless', { bug: 'nothing', breaks: 'dark', machines: {} })";
    const button = buttonDesign({}).replace('export default defineDesign', 'const design = defineDesign');
    const source = `${button.replace('defineDesign,', 'defineDesign, defineMutant,')}export default ${harmless};`;
    const { exitCode, stdout } = await precopy(['check', '--mutants', 'harmless.ts'], {
      cwd: folderWith({ 'harmless.ts': source }),
    });
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^button\/harmless +SURVIVED +- +2 +0\.\d\d s\n {4}nothing$/m);
    expect(stdout).toMatch(/^SURVIVED at rooms=1: button\/harmless: nothing$/m);
  });

  it('checks a mutant under its own memory model, which is part of its schedule', async ({ expect }) => {
    const mutant = 'rmap-xchg-handshake/no-smp-mb';
    const checked = await precopy(['check', '--mutants', mutant, '--json']);
    const [{ memoryModel, counterexample }] = JSON.parse(checked.stdout).mutants;
    expect([checked.exitCode, memoryModel]).toEqual([0, 'tso']);
    expect(checked.stderr).toContain('checked under tso');
    const { exitCode, stdout } = await precopy(['replay', '--quiet', counterexample.schedule]);
    expect([exitCode, stdout]).toEqual([1, 'VIOLATED: logged-or-protected\n']);
  });

  it('succeeds when all mutants are killed', async ({ expect }) => {
    const { exitCode, stdout } = await precopy(['check', '--mutants', 'rmap-xchg/get-without-mmu-lock', '--quiet']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '1 of 1 mutants killed\n' });
  });

  it('checks all designs and then all mutants without arguments; --json prints one document', async ({ expect }) => {
    const { exitCode, stdout } = await precopy(['check', '--json', '--max-states', '50', ...small]);
    const document = JSON.parse(stdout);
    expect(checkDocument.parse(document)).toEqual(document);
    expect(document.designs.map(({ design }: Entry) => design)).toEqual(designs.map(({ id }) => id));
    expect(document.mutants.map(({ design }: Entry) => design)).toEqual(mutants.map(({ id }) => id));
    expect(document.notChecked).toEqual([]);
    expect(exitCode).toBe(3);
  });

  it.runIf(isNightly)('proves all designs, and kills all mutants at their own params', async ({ expect }) => {
    const { stdout, stderr } = await precopy(['check', '--json', ...small]);
    const document = JSON.parse(stdout);
    expect(document.designs.filter(({ verdict }: Entry) => verdict !== 'holds')).toEqual([]);
    expect(document.mutants.filter(({ killed, atOwnParams }: Entry) => atOwnParams && !killed)).toEqual([]);
    expect(stderr).toMatch(/^rmap-xchg +holds +[\d,]+ /m);
    expect(stderr).toContain(`${designs.length} of ${designs.length} designs hold`);
  });

  it('prints a counterexample with its trace with --json, and no text with --quiet', async ({ expect }) => {
    const { exitCode, stdout, stderr } = await precopy(['check', '--json', '--quiet', 'rmap-xchg/no-flush', ...small]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
    const document = JSON.parse(stdout);
    expect(checkDocument.parse(document)).toEqual(document);
    const [{ verdict, killed, mutantOf, counterexample }] = document.mutants;
    expect({ verdict, killed, mutantOf }).toEqual({ verdict: 'violated', killed: true, mutantOf: 'rmap-xchg' });
    expect(counterexample.trace.steps).toHaveLength(counterexample.length);
    expect(counterexample.trace.schedule).toBe(counterexample.schedule);
  });

  it('shows a counterexample in another format', async ({ expect }) => {
    const { stdout } = await precopy(['check', 'rmap-xchg/get-without-mmu-lock', '--format', 'mermaid', ...small]);
    expect(stdout).toMatch(/^sequenceDiagram$/m);
  });

  it('gives no verdict on a design that keeps something outside of its cells, and checks the others', async ({
    expect,
  }) => {
    const fickle = '({ context: { room } }) => { if (presses++ === 0) room.lit.set(true); }';
    const cwd = folderWith({
      'fickle.ts': `let presses = 0;\n${buttonDesign({ id: 'fickle', press: fickle, forbidden: true })}`,
      'dark.ts': buttonDesign({ id: 'dark', forbidden: true }),
    });
    const { exitCode, stdout, stderr } = await precopy(['check', 'fickle.ts', 'dark.ts', '--json'], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^precopy: .*the actions? press.* depends on something other than the cells/m);
    const { designs, notChecked } = JSON.parse(stdout);
    expect(designs.map(({ design, verdict }: Entry) => [design, verdict])).toEqual([['dark', 'violated']]);
    expect(notChecked).toEqual([{ design: 'fickle', reason: expect.stringContaining('depends on something other') }]);
  });

  it('exits with 2, not with 1, on an exception that the file of a design throws later', async ({ expect }) => {
    const late = 'setImmediate(() => {\n  throw new Error("late");\n});\n';
    const cwd = folderWith({ 'button.ts': `${late}${buttonDesign({})}` });
    const { exitCode, stderr } = await precopyAlone(['check', 'button.ts'], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toBe('precopy: button.ts:2 throws after it has loaded: Error: late. correct the file\n');
  });

  it('shows the stack of an error with PRECOPY_DEBUG=1', async ({ expect }) => {
    const fickle = '({ context: { room } }) => { if (presses++ === 0) room.lit.set(true); }';
    const cwd = folderWith({ 'fickle.ts': `let presses = 0;\n${buttonDesign({ press: fickle, forbidden: true })}` });
    const { stderr } = await precopyAlone(['check', 'fickle.ts'], { cwd, env: { PRECOPY_DEBUG: '1' } });
    expect(stderr).toMatch(/^ +at .*\.(ts|js)/m);
  });
});
