/**
 * Builds `dist`, from which precopy starts faster than from its sources (docs/decisions/0011-build-for-fast-start.md).
 * `npm ci` calls it.
 */
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';

/** The modules that bin/ loads and that `exports` in package.json names. */
const entryPoints = [
  'src/cli/main.ts',
  'src/app/workers/search-worker-main.ts',
  'src/app/workers/simulation-worker-main.ts',
  'src/app/workers/swarm-worker-main.ts',
  'src/host/vm/vcpu-worker-main.ts',
  'src/index.ts',
  'machines/index.ts',
  'src/testing/vitest-matchers.ts',
  'src/testing/fast-check.ts',
];

const begun = new Date();
rmSync('dist', { recursive: true, force: true });
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
const paths = (await bundle.watchFiles).map((path) => relative('.', path));
const sources = [...new Set([...paths, 'bin/tsconfig.json'])].sort().map((path) => {
  const text = readFileSync(path);
  return { path, bytes: text.length, sha256: createHash('sha256').update(text).digest('hex') };
});
// written last: dist is used only if this file exists
writeFileSync('dist/sources.json', JSON.stringify(sources));
utimesSync('dist/sources.json', begun, begun);
