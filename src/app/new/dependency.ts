import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ownRoot = fileURLToPath(new URL('.', import.meta.resolve('#package/package.json'))).replace(/\/$/, '');

/**
 * Returns what a package.json says to depend on a precopy: the folder of a clone, the archive that it was installed
 * from, or its version in a registry.
 * @param root folder of that precopy; default the one that runs
 */
export function dependencyOnPrecopy(root: string = ownRoot): string {
  const modules = dirname(root);
  if (basename(modules) !== 'node_modules') return `file:${root}`;
  const archive = archiveOf(modules, basename(root));
  return archive === undefined ? `^${versionOf(root)}` : `file:${archive}`;
}

/** Returns the archive that npm installed a package from, as the lock file of a folder `node_modules` names it. */
function archiveOf(modules: string, name: string): string | undefined {
  const lock = join(modules, '.package-lock.json');
  if (!existsSync(lock)) return undefined;
  const { packages } = JSON.parse(readFileSync(lock, 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly resolved?: string }>>;
  };
  const resolved = packages[`node_modules/${name}`]?.resolved;
  return resolved?.startsWith('file:') ? resolve(dirname(modules), resolved.slice('file:'.length)) : undefined;
}

const versionOf = (root: string): string =>
  (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string }).version;
