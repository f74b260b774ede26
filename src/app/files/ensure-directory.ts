import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Makes a folder and those around it, as `mkdir -p`, and sees whether it can be written to. Node's own would go on for ever where the system makes no
 * folder and says that the one around it is missing, as in `/proc`.
 * @throws the error of the system
 */
export function ensureDirectory(path: string): void {
  make(resolve(path));
  accessSync(path, constants.W_OK | constants.X_OK);
}

function make(path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return;
  if (!found) make(dirname(path));
  mkdirSync(path);
}
