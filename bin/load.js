import { readFileSync, statSync } from 'node:fs';

const root = new URL('..', import.meta.url);

/**
 * A module of precopy, such as `src/cli/main`: as `npm run prepare` has built it, or from its source where that was not done, or where a source has
 * changed since. TypeScript is registered for sources only: its hooks live in a thread of their own, and each module has to wait for them.
 */
export async function load(module) {
  if (!(await isBuilt())) {
    await import('./typescript.js');
    return import(new URL(`${module}.ts`, root).href);
  }
  if (process.env.PRECOPY_DEBUG === '1') process.setSourceMapsEnabled(true);
  return import(new URL(`dist/${module}.js`, root).href);
}

/** Whether the sources are those of the build. What is not newer than that is not read. */
async function isBuilt() {
  try {
    const list = new URL('dist/sources.json', root);
    const builtMs = statSync(list).mtimeMs;
    const newer = [];
    for (const source of JSON.parse(readFileSync(list, 'utf8'))) {
      const { size, mtimeMs } = statSync(new URL(source.path, root));
      if (size !== source.bytes) return false;
      if (mtimeMs > builtMs) newer.push(source);
    }
    return newer.length === 0 || (await areUnchanged(newer));
  } catch {
    return false;
  }
}

/** An installed package is newer than its build, file by file. */
async function areUnchanged(sources) {
  const { createHash } = await import('node:crypto');
  return sources.every(({ path, sha256 }) => {
    const text = readFileSync(new URL(path, root));
    return createHash('sha256').update(text).digest('hex') === sha256;
  });
}
