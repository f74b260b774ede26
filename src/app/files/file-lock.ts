import { closeSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { PrecopyError } from '../../model/errors.ts';
import { isAlive, ownName } from './process-name.ts';

/**
 * A file that says which process uses another file, so that no second one does. It is left behind by a process that is
 * killed, and then taken over.
 */
export class FileLock {
  private constructor(private readonly path: string) {}

  /**
   * Takes the lock of a file, `FILE.lock`. A process may take it twice.
   * @throws PrecopyError `BAD_FILE` if another process has it; the error of the system
   */
  static take(file: string): FileLock {
    const path = `${file}.lock`;
    for (let attempt = 0; attempt < 10; attempt++) {
      if (create(path)) return new FileLock(path);
      const holder = holderOf(path);
      if (holder === ownName()) return new FileLock(path);
      if (holder !== undefined && isAlive(holder)) throw refusal(file, holder);
      if (holder !== undefined) removeStale(path, holder);
    }
    throw refusal(file, holderOf(path) ?? 'unknown');
  }

  release(): void {
    if (holderOf(this.path) === ownName()) rmSync(this.path, { force: true });
  }
}

function refusal(file: string, holder: string): PrecopyError {
  const [pid, , host] = holder.split(' ');
  return new PrecopyError(
    'BAD_FILE',
    `${file} is used by process ${pid} on ${host}`,
    `name another directory, or remove ${file}.lock if that process has ended`,
  );
}

function create(path: string): boolean {
  try {
    const file = openSync(path, 'wx', 0o600);
    writeSync(file, ownName());
    closeSync(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Returns what is in a lock. `undefined`: it is gone. */
function holderOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Removes the lock of a process that has ended, unless another one takes it over at this moment. */
function removeStale(path: string, holder: string): void {
  const aside = `${path}.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (holderOf(aside) !== holder) linkSync(aside, path);
  rmSync(aside);
}
