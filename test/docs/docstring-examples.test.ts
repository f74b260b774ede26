import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import * as kvm from '../../machines/index.ts';
import { nightly } from '../support/nightly.ts';
import { codeBlocksOf, root } from './pages.ts';

/** Names that examples use without declaring them. */
const values =
  'design program system machines properties params pages vcpus exploration event payload handler error trace step write schedule thread withVhost';
const types = 'Types Counting Registers Events';

/** Names that a module exports, by module. A name of two modules is meant of the first. */
const exported: Readonly<Record<string, readonly string[]>> = {
  precopy: [...namesIn('src/index.ts'), ...namesIn('src/model-api.ts')],
  'precopy/fast-check': namesIn('src/testing/fast-check.ts'),
  'precopy/vitest': namesIn('src/testing/vitest-matchers.ts'),
  'precopy/kvm': Object.keys(kvm),
};

function namesIn(path: string): string[] {
  const text = readFileSync(root + path, 'utf8');
  const listed = [...text.matchAll(/^export (?:type )?\{([^}]*)\}/gm)].flatMap(([, names = '']) => names.split(','));
  const declared = [...text.matchAll(/^export (?:const|class|interface|type|function) (\w+)/gm)].map(
    ([, name]) => name,
  );
  return [...listed, ...declared].map((name = '') => name.trim().replace(/^type /, '')).filter((name) => name !== '');
}

/** Returns an example as a statement: some are an object, or a key of one. */
function statementOf(example: string): string {
  if (/^\{/.test(example)) return `(${example});`;
  return /^\w+: /.test(example) ? `({ ${example} });` : example;
}

/** Returns an example as a module: what it uses is imported or declared. */
function moduleOf(example: string): string {
  const uses = (name: string): boolean =>
    new RegExp(`\\b${name}\\b`).test(example) &&
    !new RegExp(`(const|interface) (\\{[^}]*)?${name}\\b|import .*${name}`).test(example);
  const imported = new Set(values.split(' '));
  const imports = Object.entries(exported).flatMap(([module, names]) => {
    const used = names.filter((name) => uses(name) && !imported.has(name));
    for (const name of used) imported.add(name);
    return used.length === 0 ? [] : [`import { ${used.join(', ')} } from '${module}';`];
  });
  return [
    "import fc from 'fast-check';",
    ...imports,
    ...values
      .split(' ')
      .filter(uses)
      .map((name) => `declare const ${name}: any;`),
    ...types
      .split(' ')
      .filter(uses)
      .map((name) => `type ${name} = any;`),
    statementOf(example),
    'export { fc };',
  ].join('\n');
}

function errorsIn(modules: ReadonlyMap<string, string>): string[] {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const relaxed: ts.CompilerOptions = {
    ...options,
    incremental: false,
    noImplicitAny: false,
    noPropertyAccessFromIndexSignature: false,
    noUncheckedIndexedAccess: false,
    noUnusedLocals: false,
    verbatimModuleSyntax: false,
  };
  const host = ts.createCompilerHost(relaxed);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (path) => modules.has(path) || fileExists(path);
  host.readFile = (path) => modules.get(path) ?? readFile(path);
  host.getSourceFile = (path, ...rest) => {
    const text = modules.get(path);
    if (text === undefined) return getSourceFile(path, ...rest);
    const format = { languageVersion: ts.ScriptTarget.ES2022, impliedNodeFormat: ts.ModuleKind.ESNext } as const;
    return ts.createSourceFile(path, text, format);
  };
  const program = ts.createProgram([...modules.keys()], relaxed, host);
  return [...modules].flatMap(([path, text]) => {
    const file = program.getSourceFile(path);
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return found.map(({ messageText }) => `${ts.flattenDiagnosticMessageText(messageText, ' ')}\n${text}`);
  });
}

describe('the examples of docstrings', () => {
  const examples = readdirSync(join(root, 'docs/reference'))
    .flatMap((page) => codeBlocksOf(`docs/reference/${page}`))
    .filter(({ above }) => above === '**Example**')
    .map(({ text }) => text);

  it('of docs/reference are TypeScript', () => {
    expect(examples.length).toBeGreaterThan(50);
    const functions = examples.map(
      (text) => `async () => {\n${statementOf(text).replace(/^export( default)? /gm, '')}\n};`,
    );
    const { diagnostics = [] } = ts.transpileModule(functions.join('\n'), { reportDiagnostics: true });
    expect(diagnostics.map(({ start = 0 }) => functions.join('\n').slice(start, start + 80))).toEqual([]);
  });

  it.each(nightly(['docs/reference']))(
    'of %s compile',
    () => {
      const modules = new Map(examples.map((text, n) => [join(root, `test/docs/example-${n}.ts`), moduleOf(text)]));
      expect(errorsIn(modules)).toEqual([]);
    },
    300_000,
  );
});
