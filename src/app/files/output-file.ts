import { closeSync, openSync } from 'node:fs';
import { PrecopyError } from '../../model/errors.ts';

/**
 * Finds out before a long run whether its result can be written, and leaves what is there.
 * @throws PrecopyError `BAD_FILE`
 */
export function checkWritable(path: string | undefined): void {
  if (path !== undefined) closeSync(withWriteErrors(path, () => openSync(path, 'a')));
}

/**
 * Does what writes a file that was named, and says which one it was where that fails.
 * @throws PrecopyError `BAD_FILE`
 */
export function withWriteErrors<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (error) {
    throw new PrecopyError('BAD_FILE', `${path} cannot be written: ${(error as Error).message}`, 'name another file');
  }
}
