import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { PrecopyError } from '../../model/errors.ts';
import { oneLine } from '../wording.ts';

/** Larger than any file that a person gives to precopy, in bytes. */
export const maxInputBytes = 1 << 26;

/**
 * Reads a file that a person names.
 * @throws PrecopyError `BAD_FILE` if it cannot be read, or is no regular file, which might never end, or is too large
 */
export function readInput(path: string): Buffer {
  const refuse = (why: string): never => {
    throw new PrecopyError('BAD_FILE', `${path} ${why}`, 'name another file');
  };
  let file: number | undefined;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const found = fstatSync(file);
    if (!found.isFile()) refuse('is not a regular file');
    if (found.size > maxInputBytes) refuse(`is larger than ${maxInputBytes >> 20} MiB`);
    return readFileSync(file);
  } catch (error) {
    if (error instanceof PrecopyError) throw error;
    return refuse(`cannot be read: ${oneLine((error as Error).message)}`);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
