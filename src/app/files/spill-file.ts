import { closeSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PrecopyError } from '../../model/errors.ts';
import type { ChunkStore } from '../../search/storage/frontier-spill.ts';
import { oneLine } from '../wording.ts';
import { bytesOf, readFully, writeFully } from './binary-io.ts';
import { ensureDirectory } from './ensure-directory.ts';

/**
 * Stores evicted chunks of a frontier in a temporary file. The file is created when it is first needed and unlinked at
 * once, so nothing remains of it however the process ends.
 */
export class SpillFile implements ChunkStore {
  private file: number | undefined;

  /** @param warn called when a chunk cannot be written */
  constructor(
    private readonly directory: string,
    private readonly warn: (text: string) => void,
  ) {}

  write(place: number, chunk: Int32Array): boolean {
    try {
      this.file ??= this.open();
      writeFully(this.file, bytesOf(chunk), place * chunk.byteLength);
      return true;
    } catch (error) {
      this.warn(
        `the frontier does not fit into memory, nor on the disk of ${this.directory}: ${oneLine((error as Error).message)}`,
      );
      return false;
    }
  }

  read(place: number, chunk: Int32Array): void {
    try {
      readFully(this.file as number, bytesOf(chunk), place * chunk.byteLength);
    } catch (error) {
      const cause = `the frontier in ${this.directory} cannot be read back: ${oneLine((error as Error).message)}`;
      throw new PrecopyError('BAD_FILE', cause, 'name another directory with --checkpoint or TMPDIR');
    }
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }

  private open(): number {
    ensureDirectory(this.directory);
    const path = join(this.directory, `precopy-frontier-${process.pid}`);
    const file = openSync(path, 'wx+', 0o600);
    rmSync(path);
    return file;
  }
}
