import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The directories whose code decides which states a search visits, and in which order. */
const ownDirectories = ['machines', 'properties', 'src/model', 'src/compile', 'src/cache', 'src/search'];

/**
 * Hashes the code that a search depends on: that of precopy, and that of the file of a design, with everything that it
 * imports by a path. Imports from packages are not covered.
 */
export function hashOfSources(file: string | undefined): string {
  const hash = createHash('sha256');
  const root = fileURLToPath(new URL('.', import.meta.resolve('#package/package.json')));
  for (const directory of ownDirectories) {
    const path = join(root, directory);
    for (const name of (readdirSync(path, { recursive: true }) as string[]).sort()) {
      if (name.endsWith('.ts')) add(join(path, name));
    }
  }
  if (file !== undefined) for (const path of modulesOf(resolve(file))) add(path);
  return hash.digest('hex');

  function add(path: string): void {
    const text = readFileSync(path);
    hash.update(`${text.length}\n`).update(text);
  }
}

const imported = /\b(?:from|import|require)\s*\(?\s*(['"])(\.{1,2}\/.*?)\1/g;

/** Returns the paths of a module and of everything that it imports by a path, in the order of imports. */
function modulesOf(path: string, found = new Set<string>()): Set<string> {
  if (found.has(path)) return found;
  found.add(path);
  for (const [, , name = ''] of readFileSync(path, 'utf8').matchAll(imported)) {
    const module = fileAt(join(dirname(path), name));
    if (module !== undefined) modulesOf(module, found);
  }
  return found;
}

/** Resolves an import to a file. Returns `undefined` if there is none, as for an import in a comment. */
function fileAt(path: string): string | undefined {
  const candidates = [path, path.replace(/\.js$/, '.ts'), `${path}.ts`, `${path}.js`, join(path, 'index.ts')];
  return candidates.find((candidate) => existsSync(candidate) && statSync(candidate).isFile());
}
