import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findInvocation } from '../../src/cli/report/shell-command.ts';
import { emptyFolder } from './precopy.ts';

/** Creates a package with an executable of precopy. Returns its folder. */
function installedIn(folder: string): { readonly root: string; readonly executable: string } {
  const executable = join(folder, 'bin/precopy.js');
  mkdirSync(join(folder, 'bin'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{}');
  writeFileSync(executable, '');
  chmodSync(executable, 0o755);
  return { root: folder, executable };
}

/** Links an executable as npm does. */
function link(folder: string, executable: string): string {
  mkdirSync(folder, { recursive: true });
  symlinkSync(executable, join(folder, 'precopy'));
  return folder;
}

describe('a printed command starts this precopy', () => {
  const { root, executable } = installedIn(emptyFolder());

  it('with npx in a clone, also in its folders', () => {
    for (const cwd of [root, join(root, 'bin')]) {
      expect(findInvocation({ cwd, env: {}, executable })).toBe('npx precopy');
    }
  });

  it('with npx in a project that has it installed', () => {
    const project = emptyFolder();
    link(join(project, 'node_modules/.bin'), executable);
    mkdirSync(join(project, 'deeper'));
    expect(findInvocation({ cwd: join(project, 'deeper'), env: {}, executable })).toBe('npx precopy');
  });

  it('with npx where npx has it from its cache, but not where npx runs something else', () => {
    const cwd = emptyFolder();
    const from = (script: string) => ({ npm_lifecycle_event: 'npx', npm_lifecycle_script: script });
    expect(findInvocation({ cwd, env: from("'precopy' check"), executable })).toBe('npx precopy');
    expect(findInvocation({ cwd, env: from('vitest run'), executable })).toMatch(/^node /);
  });

  it('by its name where the PATH has it, unless another one comes first', () => {
    const [own, other] = [link(emptyFolder(), executable), emptyFolder()];
    writeFileSync(join(other, 'precopy'), '');
    const cwd = emptyFolder();
    expect(findInvocation({ cwd, env: { PATH: `/nowhere:${own}:${other}` }, executable })).toBe('precopy');
    expect(findInvocation({ cwd, env: { PATH: `${other}:${own}` }, executable })).toMatch(/^node /);
  });

  it('with node elsewhere, by the shorter path, quoted', () => {
    const folder = join(emptyFolder(), 'my tools');
    const { executable: spaced } = installedIn(join(folder, 'precopy'));
    expect(findInvocation({ cwd: '/', env: {}, executable: spaced })).toBe(`node '${spaced.slice(1)}'`);
    mkdirSync(join(folder, 'work'));
    expect(findInvocation({ cwd: join(folder, 'work'), env: {}, executable: spaced })).toBe(
      'node ../precopy/bin/precopy.js',
    );
  });
});
