import { closeSync, openSync } from 'node:fs';
import { PrecopyError } from '../../model/errors.ts';

/**
 * Checks before a long run that its result can be written. Leaves an existing file as it is.
 * @throws PrecopyError `BAD_FILE`
 */
export function checkWritable(path: string | undefined): void {
  if (path !== undefined) closeSync(withWriteErrors(path, () => openSync(path, 'a')));
}

/**
 * Runs a write, and names the file if it fails.
 * @throws PrecopyError `BAD_FILE`
 */
export function withWriteErrors<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw new PrecopyError('BAD_FILE', `${path} cannot be written: ${(error as Error).message}`, 'name another file');
  }
}
