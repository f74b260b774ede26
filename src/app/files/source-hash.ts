import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where everything stands that decides which states precopy finds, and in which order. */
const ownFolders = ['machines', 'properties', 'src/model', 'src/compile', 'src/cache', 'src/search'];

/**
 * Changes with the code that a search depends on: precopy's own, and that of a person's own file with all that it imports by a path. What it
 * imports from packages is not looked at.
 */
export function hashOfSources(file: string | undefined): string {
  const hash = createHash('sha256');
  const root = fileURLToPath(new URL('.', import.meta.resolve('#package/package.json')));
  for (const folder of ownFolders) {
    const path = join(root, folder);
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

/** The paths of a module and of all that it imports by a path, in the order of imports. */
function modulesOf(path: string, found = new Set<string>()): Set<string> {
  if (found.has(path)) return found;
  found.add(path);
  for (const [, , name = ''] of readFileSync(path, 'utf8').matchAll(imported)) {
    const module = fileAt(join(dirname(path), name));
    if (module !== undefined) modulesOf(module, found);
  }
  return found;
}

/** The file that an import means; undefined where there is none, as in a comment. */
function fileAt(path: string): string | undefined {
  const candidates = [path, path.replace(/\.js$/, '.ts'), `${path}.ts`, `${path}.js`, join(path, 'index.ts')];
  return candidates.find((one) => existsSync(one) && statSync(one).isFile());
}
