import { closeSync, constants, openSync } from 'node:fs';
import { PrecopyError } from '../../model/errors.ts';

const { O_APPEND, O_CREAT, O_NONBLOCK, O_WRONLY } = constants;

/**
 * Checks before a long run that its result can be written. Leaves an existing file as it is. A pipe that nobody reads
 * is refused: writing to it would wait for a reader.
 * @throws PrecopyError `BAD_FILE`
 */
export function checkWritable(path: string | undefined): void {
  if (path !== undefined)
    closeSync(withWriteErrors(path, () => openSync(path, O_WRONLY | O_CREAT | O_APPEND | O_NONBLOCK, 0o666)));
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
