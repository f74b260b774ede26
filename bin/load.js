import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Imports a module of precopy, such as `src/cli/main`. An installed package has only its build. In a clone the build is
 * used as long as no source has changed since; otherwise the sources run. TypeScript is registered for sources only: its
 * hooks live in a thread of their own, and each module has to wait for them.
 */
export async function load(module) {
  if (existsSync(join(root, `${module}.ts`)) && !(await isBuilt())) {
    await import('./typescript.js');
    return import(`../${module}.ts`);
  }
  if (process.env.PRECOPY_DEBUG === '1') process.setSourceMapsEnabled(true);
  return import(`../dist/${module}.js`);
}

/** Returns true if the sources are those of the build. A source that is not newer than the build is not read. */
async function isBuilt() {
  try {
    const list = join(root, 'dist/sources.json');
    const builtMs = statSync(list).mtimeMs;
    const newer = [];
    for (const source of JSON.parse(readFileSync(list, 'utf8'))) {
      const { size, mtimeMs } = statSync(root + source.path);
      if (size !== source.bytes) return false;
      if (mtimeMs > builtMs) newer.push(source);
    }
    return newer.length === 0 || (await areUnchanged(newer));
  } catch {
    return false;
  }
}

/** Returns true if sources that are newer than the build have the same text: a checkout makes all of them newer. */
async function areUnchanged(sources) {
  const { createHash } = await import('node:crypto');
  return sources.every(({ path, sha256 }) => {
    const text = readFileSync(root + path);
    return createHash('sha256').update(text).digest('hex') === sha256;
  });
}
