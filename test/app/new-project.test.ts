import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { dependencyOnPrecopy } from '../../src/app/new/dependency.ts';
import { createProject } from '../../src/app/new/new-project.ts';

const scratch = (): string => mkdtempSync(join(tmpdir(), 'precopy-'));

describe('a new project', () => {
  const folder = join(scratch(), 'below', 'first');
  const { files } = createProject('first', folder);
  const text = (file: string): string => readFileSync(join(folder, file), 'utf8');

  it('has a design, its test, and what npm, TypeScript and git need', () => {
    expect(readdirSync(folder).sort()).toEqual(files);
    expect(files).toEqual(
      expect.arrayContaining([
        '.gitignore',
        'README.md',
        'design.test.ts',
        'design.ts',
        'package.json',
        'tsconfig.json',
      ]),
    );
  });

  it('has its name in each file, and not that of the template', () => {
    expect(JSON.parse(text('package.json')).name).toBe('first');
    expect(text('design.ts')).toContain("id: 'first'");
    expect(files.filter((file) => text(file).includes('my-design'))).toEqual([]);
  });

  it('is tested with the TypeScript and the vitest of precopy, as examples/own-tests is', () => {
    const versionsIn = (path: string): Record<string, string> =>
      JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')).devDependencies;
    const own = versionsIn('package.json');
    for (const path of ['templates/my-design/package.json', 'examples/own-tests/package.json']) {
      const { precopy, ...versions } = versionsIn(path);
      expect(own).toMatchObject(versions);
    }
  });

  it.each([
    '',
    'My',
    '.hidden',
    'a/b',
    '../a',
    '@scope/a',
    'a b',
    'node_modules',
    'precopy',
    'vitest',
    'a'.repeat(215),
  ])('is refused the name %j', (name) => {
    const parent = scratch();
    expect(() => createProject(name, join(parent, 'new'))).toThrow(/cannot be the name of a package/);
    expect(readdirSync(parent)).toEqual([]);
  });

  it('leaves a folder that has files as it is', () => {
    const taken = scratch();
    writeFileSync(join(taken, 'mine'), '');
    expect(() => createProject('a', taken)).toThrow(/is not empty/);
    expect(readdirSync(taken)).toEqual(['mine']);
  });

  it('may be written into an empty folder', () => {
    const empty = scratch();
    createProject('a', empty);
    expect(readdirSync(empty)).toContain('design.ts');
  });

  it('is not written where a file is', () => {
    const file = join(scratch(), 'file');
    writeFileSync(file, '');
    expect(() => createProject('a', file)).toThrow(/cannot be written/);
  });
});

describe('a new project depends on', () => {
  /** An installed precopy, as npm leaves it. */
  const installed = (resolved?: string): string => {
    const project = scratch();
    const root = join(project, 'node_modules', 'precopy');
    mkdirSync(root, { recursive: true });
    writeFileSync(join(root, 'package.json'), JSON.stringify({ version: '1.2.3' }));
    const lock = { packages: { 'node_modules/precopy': { version: '1.2.3', resolved } } };
    if (resolved !== undefined) writeFileSync(join(project, 'node_modules/.package-lock.json'), JSON.stringify(lock));
    return root;
  };

  it('the clone that writes it, which npm has to copy', () => {
    const folder = join(scratch(), 'a');
    createProject('a', folder);
    const { devDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    expect(
      JSON.parse(readFileSync(join(devDependencies.precopy.slice('file:'.length), 'package.json'), 'utf8')),
    ).toMatchObject({ name: 'precopy' });
    expect(readFileSync(join(folder, '.npmrc'), 'utf8')).toBe('install-links=true\n');
  });

  it('the archive that precopy was installed from', () => {
    const root = installed('file:../precopy-1.2.3.tgz');
    expect(dependencyOnPrecopy(root)).toEqual({
      spec: `file:${join(root, '../../../precopy-1.2.3.tgz')}`,
      isFolder: false,
    });
  });

  it('the version that was installed from a registry', () => {
    const root = installed('https://example.org/precopy-1.2.3.tgz');
    expect(dependencyOnPrecopy(root)).toEqual({ spec: '^1.2.3', isFolder: false });
  });

  it('the installed version where npm left no lock file, as for a global installation', () => {
    expect(dependencyOnPrecopy(installed())).toEqual({ spec: '^1.2.3', isFolder: false });
  });
});
