import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ownRoot = fileURLToPath(new URL('.', import.meta.resolve('#package/package.json'))).replace(/\/$/, '');

/** A dependency of a package.json. */
export interface Dependency {
  /** a range of versions, or `file:` and a path */
  readonly spec: string;
  /** true for the folder of a clone */
  readonly isFolder: boolean;
}

/**
 * Returns the dependency on a precopy: on the folder of a clone, on the archive that it was installed from, or on its
 * version in a registry.
 * @param root folder of that precopy; default the one that runs
 */
export function dependencyOnPrecopy(root: string = ownRoot): Dependency {
  const modules = dirname(root);
  if (basename(modules) !== 'node_modules') return { spec: `file:${root}`, isFolder: true };
  const archive = archiveOf(modules, basename(root));
  return { spec: archive === undefined ? `^${versionOf(root)}` : `file:${archive}`, isFolder: false };
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
