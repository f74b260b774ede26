import { relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BuildFailure, Plugin } from 'esbuild';
import { PrecopyError } from '../../model/errors.ts';

/** Whether sources run, and not the build. */
const areSources = import.meta.url.endsWith('.ts');
const root = fileURLToPath(new URL('.', import.meta.resolve('#package/package.json')));
const own = (module: string): string => resolve(root, areSources ? `${module}.ts` : `dist/${module}.js`);

/** The name of the script that joins the engine and the designs, which is no file. */
const entryName = 'precopy-engine';

const enginePaths = ['src/', 'machines/', 'dist/'].map((folder) => resolve(root, folder) + sep);
const isOwn = (path: string): boolean =>
  !path.includes(`${sep}node_modules${sep}`) && !enginePaths.some((folder) => path.startsWith(folder));

/** The engine of the explorer as one script, for a Web Worker. */
export interface EngineBundle {
  readonly script: string;
  /** absolute paths of the files of one's own that are in it: the file, and what it imports but packages */
  readonly files: readonly string[];
}

/**
 * Bundles the engine with the shipped designs, and those of a file of one's own. That file's imports of `precopy` and
 * `precopy/kvm` are the modules of the engine itself.
 * @throws PrecopyError `BAD_FILE` with the place of a mistake in the file
 */
export async function bundleEngine(file: string | undefined): Promise<EngineBundle> {
  const { build } = await import('esbuild');
  const shipped = own('src/app/explore/shipped-designs');
  const entry = [
    `import { serveEngine, designsOf } from ${JSON.stringify(own('src/web/serve-engine'))};`,
    `import { shippedDesigns } from ${JSON.stringify(shipped)};`,
    ...(file === undefined
      ? ['serveEngine(shippedDesigns);']
      : [
          `import * as own from ${JSON.stringify(resolve(file))};`,
          'serveEngine([...designsOf(own), ...shippedDesigns]);',
        ]),
  ].join('\n');
  try {
    const result = await build({
      stdin: { contents: entry, resolveDir: root, sourcefile: entryName },
      bundle: true,
      format: 'iife',
      platform: 'browser',
      target: 'es2022',
      minifySyntax: true,
      minifyWhitespace: true,
      write: false,
      metafile: true,
      logLevel: 'silent',
      legalComments: 'none',
      // What reads the files of a page, or another one, is to be told names as they are: no minified identifiers.
      keepNames: true,
      plugins: [ownPackage],
    });
    const inputs = Object.keys(result.metafile.inputs).filter((path) => path !== entryName);
    return {
      script: result.outputFiles[0]?.text ?? '',
      files:
        file === undefined ? [] : [...new Set([resolve(file), ...inputs.map((path) => resolve(path)).filter(isOwn)])],
    };
  } catch (error) {
    throw compileError(error as BuildFailure, file);
  }
}

/** Resolves `precopy` and `precopy/kvm` to what the engine is made of. */
const ownPackage: Plugin = {
  name: 'precopy',
  setup(build) {
    build.onResolve({ filter: /^precopy$/ }, () => ({ path: own('src/model-api') }));
    build.onResolve({ filter: /^precopy\/kvm$/ }, () => ({ path: own('machines/index') }));
  },
};

function compileError({ errors, message }: BuildFailure, file: string | undefined): PrecopyError {
  const [first] = errors ?? [];
  if (!first)
    return new PrecopyError('BAD_FILE', `${file ?? 'the engine'} cannot be bundled: ${message}`, 'correct the file');
  const { location, text } = first;
  const where = location
    ? `${relative('.', resolve(location.file))}:${location.line}:${location.column + 1}`
    : (file ?? '');
  const excerpt = location
    ? `${location.lineText}\n${' '.repeat(location.column)}${'^'.repeat(Math.max(1, location.length))}`
    : undefined;
  return new PrecopyError('BAD_FILE', `${where}: ${text}`, 'correct the file', excerpt);
}
