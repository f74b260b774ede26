import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, fsyncSync, lstatSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Program } from '../../compile/program.ts';
import { PrecopyError } from '../../model/errors.ts';
import { modelHash } from '../../model/model-hash.ts';
import type { SearchCheckpoint } from '../../search/bfs/search-checkpoint.ts';
import type { CheckpointStore } from '../../search/checkpoint-store.ts';
import type { ArrayVisitor } from '../../search/storage/growable-buffer.ts';
import { bytesOf, readFully, writeFully } from '../files/binary-io.ts';
import { ensureDirectory } from '../files/ensure-directory.ts';
import { FileLock } from '../files/file-lock.ts';
import { oneLine } from '../wording.ts';

const format = 'precopy-checkpoint 3';
const secondsBetween = 60;
const bytesOfLength = 8;
const bytesOfChecksum = 32;
const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDONLY, O_WRONLY } = constants;

interface Header<Snapshot> {
  readonly format: string;
  readonly design: string;
  readonly model: string;
  /** names the strategy too, so the snapshot is one of its searches */
  readonly options: string;
  readonly snapshot: Snapshot;
}

/** Identifies a search: its checkpoint is of no use to any other. */
export interface SearchIdentity {
  readonly program: Program;
  /** hash of the code that the search depends on (`hashOfSources`) */
  readonly sources: string;
  /** the options of the search, as on the command line; empty without options */
  readonly options: string;
}

/**
 * Stores the checkpoints of one search in a file, `DIR/DESIGN.checkpoint`: the length of a JSON header, the header, the
 * arrays, and the SHA-256 of all that. A checkpoint is written to another file, flushed, and renamed, so the file is
 * always a complete checkpoint. No other process can use it before `release`.
 */
export class Checkpoint<Snapshot = SearchCheckpoint> implements CheckpointStore<Snapshot> {
  readonly latest: Snapshot | undefined;
  private readonly path: string;
  private readonly header: Omit<Header<Snapshot>, 'snapshot'>;
  /** offset of the arrays of the latest checkpoint in its file */
  private arraysAt = 0;
  private savedAt = performance.now();
  private readonly lock: FileLock;

  /**
   * @param warn called when a checkpoint cannot be written
   * @throws PrecopyError `BAD_FILE` if the directory cannot be created, or its checkpoint is of another model or search
   */
  constructor(
    directory: string,
    { program, sources, options }: SearchIdentity,
    private readonly warn: (text: string) => void,
  ) {
    const design = program.design.id;
    this.path = join(directory, `${design.replaceAll('/', '~')}.checkpoint`);
    const model = createHash('sha256')
      .update(`${modelHash(program.instance)} ${sources}`)
      .digest('hex');
    this.header = { format, design, model, options };
    assertWritable(directory);
    this.lock = withFileErrors(this.path, () => FileLock.take(this.path));
    try {
      if (exists(this.path))
        this.latest = withFileErrors(this.path, () => withOpenFile(this.path, (file) => this.snapshotIn(file)));
    } catch (error) {
      this.release();
      throw error;
    }
  }

  restore(each: (visit: ArrayVisitor) => void): void {
    withFileErrors(this.path, () =>
      withOpenFile(this.path, (file) => {
        let at = this.arraysAt;
        each((array) => {
          at += readFully(file, bytesOf(array), at).length;
        });
        if (at !== fstatSync(file).size - bytesOfChecksum) this.refuse('is damaged');
      }),
    );
  }

  isDue(): boolean {
    return performance.now() - this.savedAt > secondsBetween * 1000;
  }

  save(snapshot: Snapshot, each: (visit: ArrayVisitor) => void): void {
    const next = `${this.path}.next`;
    const header: Header<Snapshot> = { ...this.header, snapshot };
    const text = Buffer.from(JSON.stringify(header));
    const length = Buffer.alloc(bytesOfLength);
    length.writeUInt32LE(text.length);
    const checksum = createHash('sha256');
    try {
      rmSync(next, { force: true });
      const file = openSync(next, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
      const write = (bytes: Uint8Array): void => {
        checksum.update(bytes);
        writeFully(file, bytes);
      };
      try {
        for (const bytes of [length, text]) write(bytes);
        each((array) => write(bytesOf(array)));
        writeFully(file, checksum.digest());
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(next, this.path);
      flushDirectory(dirname(this.path));
    } catch (error) {
      rmSync(next, { force: true, recursive: true });
      const rest = exists(this.path) ? 'the last one is kept' : 'there is none';
      this.warn(`no checkpoint could be written: ${oneLine(String((error as Error).message))}; ${rest}`);
    }
    this.savedAt = performance.now();
  }

  /** Removes the checkpoint of a search that is complete. */
  remove(): void {
    rmSync(this.path, { force: true });
  }

  /** Lets other processes use the file. */
  release(): void {
    this.lock.release();
  }

  private snapshotIn(file: number): Snapshot {
    const found = fstatSync(file);
    if (!found.isFile()) this.refuse('is not a regular file');
    if (found.size < bytesOfLength) this.refuse('is not a checkpoint');
    const length = readFully(file, new Uint8Array(bytesOfLength));
    const size = Buffer.from(length).readUInt32LE();
    if (size > Math.min(1 << 20, found.size - bytesOfLength)) this.refuse('is not a checkpoint');
    const header = this.headerIn(readFully(file, new Uint8Array(size)));
    if (header.format !== format) this.refuse('is not a checkpoint of this version of precopy');
    const { design, model, options } = this.header;
    if (header.design !== design || header.model !== model) {
      this.refuse('is of another model: the design, its params, its code or what that reads have changed');
    }
    if (header.options !== options) this.refuse(`is of a search ${header.options || 'without options'}`);
    if (!isChecksumRight(file, found.size)) this.refuse('is damaged');
    this.arraysAt = bytesOfLength + size;
    return header.snapshot;
  }

  private headerIn(bytes: Uint8Array): Partial<Header<Snapshot>> & Pick<Header<Snapshot>, 'snapshot'> {
    try {
      return (JSON.parse(Buffer.from(bytes).toString()) ?? {}) as Header<Snapshot>;
    } catch {
      return this.refuse('is not a checkpoint');
    }
  }

  private refuse(why: string): never {
    throw new PrecopyError('BAD_FILE', `${this.path} ${why}`, 'remove it, or name another directory with --checkpoint');
  }
}

/** Compares the last bytes of a file with the checksum of the others. */
function isChecksumRight(file: number, size: number): boolean {
  const end = size - bytesOfChecksum;
  const checksum = createHash('sha256');
  const chunk = new Uint8Array(1 << 20);
  for (let at = 0; at < end; at += chunk.length) {
    checksum.update(readFully(file, chunk.subarray(0, Math.min(chunk.length, end - at)), at));
  }
  return end >= 0 && checksum.digest().equals(readFully(file, new Uint8Array(bytesOfChecksum), end));
}

/** Returns true for a file, and for a link that leads nowhere. */
const exists = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

/**
 * Creates the directory of checkpoints, and checks before a long search that it is writable.
 * @throws PrecopyError `BAD_FILE`
 */
export function assertWritable(directory: string): void {
  withFileErrors(directory, () => ensureDirectory(directory));
}

function withOpenFile<T>(path: string, work: (file: number) => T): T {
  const file = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    return work(file);
  } finally {
    closeSync(file);
  }
}

/** Flushes a directory: only then a rename in it is on the disk. */
function flushDirectory(path: string): void {
  const directory = openSync(path, 'r');
  fsyncSync(directory);
  closeSync(directory);
}

function withFileErrors<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof PrecopyError) throw error;
    throw new PrecopyError(
      'BAD_FILE',
      `${path}: ${oneLine(String((error as Error).message))}`,
      'name another directory',
    );
  }
}
