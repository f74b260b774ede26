import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PrecopyError } from '../../model/errors.ts';
import { isBuiltIn, type Target } from '../designs/design-registry.ts';
import { loadedFilesWith } from '../designs/load-designs.ts';

/** The directories whose code decides which states a search visits, and in which order. */
const ownDirectories = ['machines', 'properties', 'src/model', 'src/compile', 'src/cache', 'src/search'];

/**
 * Hashes the code of precopy in some of its directories, and its package.json, which pins the version of xstate. An
 * installed package has only its build, with the hashes of the sources.
 */
export function hashOfOwnCode(directories: readonly string[]): string {
  const hash = createHash('sha256');
  const root = fileURLToPath(new URL('.', import.meta.resolve('#package/package.json')));
  add(join(root, 'package.json'));
  if (existsSync(join(root, 'machines'))) for (const directory of directories) addFolder(join(root, directory));
  else add(join(root, 'dist/sources.json'));
  return hash.digest('hex');

  function addFolder(path: string): void {
    for (const name of (readdirSync(path, { recursive: true }) as string[]).sort()) {
      if (name.endsWith('.ts')) add(join(path, name));
    }
  }

  function add(path: string): void {
    const text = readFileSync(path);
    hash.update(`${text.length}\n`).update(text);
  }
}

/**
 * Hashes the code that a search depends on: that of precopy, and for a design from a file all that the file depended on
 * while it was loaded.
 * @throws PrecopyError `BAD_PARAMETER` for a design that precopy has not loaded itself: nobody knows what its code is
 */
export async function hashOfSources({ design, file }: Target): Promise<string> {
  const own = hashOfOwnCode(ownDirectories);
  const loaded = file === undefined ? undefined : loadedFilesWith(file);
  if (loaded) return createHash('sha256').update(own).update(loaded.hash).digest('hex');
  if (file === undefined && (await isBuiltIn(design))) return own;
  const cause = `a search of ${design.id} cannot have a checkpoint: precopy has not loaded it from a file itself`;
  throw new PrecopyError('BAD_PARAMETER', cause, 'use `precopy check FILE --checkpoint DIR`');
}
