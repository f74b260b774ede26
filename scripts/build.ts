/**
 * Builds `dist`, from which precopy starts faster than from its sources (docs/decisions/0011-build-for-fast-start.md).
 * `npm ci` calls it.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { publicModules } from './public-modules.ts';

/** The modules that bin/ loads, and the public ones. */
const entryPoints = [
  'src/cli/main.ts',
  'src/app/workers/search-worker-main.ts',
  'src/app/workers/simulation-worker-main.ts',
  'src/app/workers/swarm-worker-main.ts',
  'src/host/vm/vcpu-worker-main.ts',
  // what a page of the explorer is bundled from
  'src/model-api.ts',
  'src/web/serve-engine.ts',
  'src/app/explore/shipped-designs.ts',
  ...publicModules,
];

const begun = new Date();
// Declarations (scripts/declarations.ts) stay: a project that depends on this clone goes on compiling.
for (const name of existsSync('dist') ? readdirSync('dist') : []) {
  if (name !== 'types') rmSync(`dist/${name}`, { recursive: true });
}
const { rolldown } = await import('rolldown').catch(() => {
  console.error('rolldown is not installed, so dist is not built: precopy runs from its sources');
  process.exit(0);
});
const bundle = await rolldown({
  input: Object.fromEntries(entryPoints.map((path) => [path.replace(/\.ts$/, ''), path])),
  external: /^[^./]/,
  platform: 'node',
  tsconfig: 'bin/tsconfig.json',
});
await bundle.write({
  dir: 'dist',
  format: 'esm',
  entryFileNames: '[name].js',
  chunkFileNames: 'shared/[name]-[hash].js',
  sourcemap: true,
});
const { build } = await import('vite');
await build({ configFile: 'vite.config.ts', logLevel: 'warn' });
const paths = (await bundle.watchFiles).map((path) => relative('.', path));
const sources = [...new Set([...paths, 'bin/tsconfig.json'])].sort().map((path) => {
  const text = readFileSync(path);
  return { path, bytes: text.length, sha256: createHash('sha256').update(text).digest('hex') };
});
// written last: dist is used only if this file exists
writeFileSync('dist/sources.json', JSON.stringify(sources));
utimesSync('dist/sources.json', begun, begun);
