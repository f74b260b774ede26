import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Creates a directory and its parents, as `mkdir -p`, and checks that it is writable. Node's recursive `mkdir` does not
 * terminate where the system reports a missing parent that exists, as in `/proc`.
 * @throws the error of the system
 */
export function ensureDirectory(path: string): void {
  create(resolve(path));
  accessSync(path, constants.W_OK | constants.X_OK);
}

function create(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  if (!found) create(dirname(path));
  mkdirSync(path);
}
