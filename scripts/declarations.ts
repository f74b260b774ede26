/**
 * Writes `dist/types`: the declarations of the modules that `exports` in package.json names, for projects that install
 * precopy (docs/decisions/0016-declarations.md). `npm ci` and `npm pack` call it.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import ts from 'typescript';
import { publicModules } from './public-modules.ts';

const folder = resolve('dist/types');
const { options } = ts.parseJsonConfigFileContent(
  ts.readConfigFile('tsconfig.base.json', ts.sys.readFile).config,
  ts.sys,
  '.',
  { declaration: true, emitDeclarationOnly: true, stripInternal: true, noEmit: false, rootDir: '.', outDir: folder },
);
const program = ts.createProgram([...publicModules, 'src/simulate/jstat.d.ts'], options);
const emitted = new Map<string, string>();
const { diagnostics } = program.emit(undefined, (path, text) => emitted.set(resolve(path), text));
if (diagnostics.length > 0) {
  console.error(
    ts.formatDiagnostics(diagnostics, {
      getCurrentDirectory: ts.sys.getCurrentDirectory,
      getCanonicalFileName: (name) => name,
      getNewLine: () => '\n',
    }),
  );
  process.exit(1);
}

/** The name of a module of ours in a declaration: of an import, of an export, or of a type. */
const ownModule = /(?<=(?:from |import\(|import )['"])(\.{1,2}\/[^'"]+)\.ts(?=['"])/g;
rmSync(folder, { recursive: true, force: true });
const reached = new Set(publicModules.map((path) => resolve(folder, path.replace(/\.ts$/, '.d.ts'))));
for (const path of reached) {
  const text = emitted.get(path);
  if (text === undefined) throw new Error(`${relative('.', path)} was not emitted, but a declaration imports it`);
  for (const [, module] of text.matchAll(ownModule)) reached.add(`${resolve(dirname(path), module as string)}.d.ts`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text.replaceAll(ownModule, '$1.js'));
}
