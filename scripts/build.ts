/** Builds `dist`, from which precopy starts sooner than from its sources (docs/decisions/0011-built-to-start.md): `npm ci` calls it. */
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

/** What bin/ loads, and what `exports` names. */
const entryPoints = [
  'src/cli/main.ts',
  'src/cli/search-thread.ts',
  'src/cli/simulate-worker.ts',
  'src/cli/swarm-thread.ts',
  'src/host/vm/thread-of-vcpu.ts',
  'src/index.ts',
  'machines/index.ts',
  'src/front/vitest.ts',
  'src/front/fast-check.ts',
];

const begun = new Date();
rmSync('dist', { recursive: true, force: true });
const { metafile } = await build({
  entryPoints,
  outdir: 'dist',
  outbase: '.',
  bundle: true,
  splitting: true,
  chunkNames: 'shared/[name]-[hash]',
  packages: 'external',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  tsconfig: 'bin/tsconfig.json',
  sourcemap: 'linked',
  sourcesContent: false,
  metafile: true,
  logLevel: 'warning',
});
const sources = [...Object.keys(metafile.inputs), 'bin/tsconfig.json'].sort().map((path) => {
  const text = readFileSync(path);
  return { path, bytes: text.length, sha256: createHash('sha256').update(text).digest('hex') };
});
// written last: without it nothing of dist is used
writeFileSync('dist/sources.json', JSON.stringify(sources));
utimesSync('dist/sources.json', begun, begun);
