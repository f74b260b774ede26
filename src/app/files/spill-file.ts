import { closeSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { oneLine } from '../../cli/report/error-report.ts';
import { PrecopyError } from '../../model/errors.ts';
import type { ChunkStore } from '../../search/storage/frontier-spill.ts';
import { bytesOf, readFully, writeFully } from './binary-io.ts';
import { ensureDirectory } from './ensure-directory.ts';

/**
 * Keeps what of a frontier does not fit into memory in a file without a name: it is made when it is first needed, and its name is removed at once,
 * so nothing is left of it however the process ends.
 */
export class SpillFile implements ChunkStore {
  private file: number | undefined;

  /** @param warn is told when nothing more can be written */
  constructor(
    private readonly folder: string,
    private readonly warn: (text: string) => void,
  ) {}

  write(place: number, chunk: Int32Array): boolean {
    try {
      this.file ??= this.open();
      writeFully(this.file, bytesOf(chunk), place * chunk.byteLength);
      return true;
    } catch (error) {
      this.warn(`the frontier does not fit into memory, nor into ${this.folder}: ${oneLine((error as Error).message)}`);
      return false;
    }
  }

  read(place: number, chunk: Int32Array): void {
    try {
      readFully(this.file as number, bytesOf(chunk), place * chunk.byteLength);
    } catch (error) {
      const cause = `the frontier in ${this.folder} cannot be read back: ${oneLine((error as Error).message)}`;
      throw new PrecopyError('BAD_FILE', cause, 'name another folder with --checkpoint or TMPDIR');
    }
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
  }

  private open(): number {
    ensureDirectory(this.folder);
    const path = join(this.folder, `precopy-frontier-${process.pid}`);
    const file = openSync(path, 'wx+', 0o600);
    rmSync(path);
    return file;
  }
}
