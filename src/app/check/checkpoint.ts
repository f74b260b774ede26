import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { oneLine } from '../../cli/report/error-report.ts';
import type { Program } from '../../compile/program.ts';
import { PrecopyError } from '../../model/errors.ts';
import { modelHash } from '../../model/schedule.ts';
import type { CheckpointStore, SearchCheckpoint } from '../../search/bfs/checkpoint.ts';
import { bytesOf, readFully, writeFully } from '../files/binary-io.ts';
import { ensureDirectory } from '../files/ensure-directory.ts';

const format = 'precopy-checkpoint 2';
const secondsBetween = 60;
const bytesOfLength = 8;

interface Header {
  readonly format: string;
  readonly design: string;
  readonly model: string;
  readonly options: string;
  readonly snapshot: SearchCheckpoint;
}

/** The search that is kept. */
export interface KeptSearch {
  readonly program: Program;
  /** changes with the code that it depends on (`hashOfSources`) */
  readonly sources: string;
  /** how it goes about it, in words of the command line; empty where nothing was said */
  readonly options: string;
}

/**
 * Keeps the snapshots of one search in a file, `DIR/DESIGN.checkpoint`: the length of a JSON header, the header, the arrays. A new one is written
 * beside the last one, flushed to the disk and put in its place by one rename, so whatever happens, the file is a whole snapshot.
 */
export class Checkpoint implements CheckpointStore {
  readonly latest: SearchCheckpoint | undefined;
  private readonly path: string;
  private readonly header: Omit<Header, 'snapshot'>;
  /** where the arrays of the last snapshot begin in its file */
  private arraysAt = 0;
  private kept = performance.now();

  /**
   * @param warn is told when a snapshot cannot be written
   * @throws PrecopyError `BAD_FILE` when the folder cannot be made, or its checkpoint is of another model or another search
   */
  constructor(
    directory: string,
    { program, sources, options }: KeptSearch,
    private readonly warn: (text: string) => void,
  ) {
    const design = program.design.id;
    this.path = join(directory, `${design.replaceAll('/', '~')}.checkpoint`);
    const model = createHash('sha256')
      .update(`${modelHash(program.instance)} ${sources}`)
      .digest('hex');
    this.header = { format, design, model, options };
    checkFolder(directory);
    if (existsSync(this.path))
      this.latest = blamingFile(this.path, () => reading(this.path, (file) => this.snapshotIn(file)));
  }

  restore(each: Parameters<CheckpointStore['restore']>[0]): void {
    blamingFile(this.path, () =>
      reading(this.path, (file) => {
        let at = this.arraysAt;
        each((array) => {
          at += readFully(file, bytesOf(array), at).length;
        });
      }),
    );
  }

  isDue(): boolean {
    return performance.now() - this.kept > secondsBetween * 1000;
  }

  save(snapshot: SearchCheckpoint, each: Parameters<CheckpointStore['save']>[1]): void {
    const next = `${this.path}.next`;
    const header: Header = { ...this.header, snapshot };
    const text = Buffer.from(JSON.stringify(header));
    const length = Buffer.alloc(bytesOfLength);
    length.writeUInt32LE(text.length);
    try {
      const file = openSync(next, 'w');
      try {
        for (const bytes of [length, text]) writeFully(file, bytes);
        each((array) => writeFully(file, bytesOf(array)));
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(next, this.path);
      flushFolder(dirname(this.path));
    } catch (error) {
      rmSync(next, { force: true, recursive: true });
      const kept = existsSync(this.path) ? 'the one before it is kept' : 'there is none';
      this.warn(`no checkpoint could be written: ${oneLine(String((error as Error).message))}; ${kept}`);
    }
    this.kept = performance.now();
  }

  /** The search has a verdict: there is nothing to go on with. */
  remove(): void {
    rmSync(this.path, { force: true });
  }

  private snapshotIn(file: number): SearchCheckpoint {
    const length = readFully(file, new Uint8Array(bytesOfLength));
    const size = Buffer.from(length).readUInt32LE();
    const refuse = (why: string): never => {
      throw new PrecopyError('BAD_FILE', `${this.path} ${why}`, 'remove it, or name another folder with --checkpoint');
    };
    if (size > 1 << 20) refuse('is no checkpoint');
    const header = JSON.parse(Buffer.from(readFully(file, new Uint8Array(size))).toString()) as Header;
    if (header.format !== format) refuse('is no checkpoint of this version of precopy');
    const { design, model, options } = this.header;
    if (header.design !== design || header.model !== model) {
      refuse('is of another model: the design, its sizes or its code have changed');
    }
    if (header.options !== options) refuse(`is of a search ${header.options || 'without options'}`);
    this.arraysAt = bytesOfLength + size;
    return header.snapshot;
  }
}

/**
 * Finds out before a long run whether checkpoints can be kept in a folder, which is made where it is missing.
 * @throws PrecopyError `BAD_FILE`
 */
export function checkFolder(directory: string): void {
  blamingFile(directory, () => ensureDirectory(directory));
}

function reading<T>(path: string, work: (file: number) => T): T {
  const file = openSync(path, 'r');
  try {
    return work(file);
  } finally {
    closeSync(file);
  }
}

/** A rename is on the disk when its folder is. */
function flushFolder(path: string): void {
  const folder = openSync(path, 'r');
  fsyncSync(folder);
  closeSync(folder);
}

function blamingFile<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof PrecopyError) throw error;
    throw new PrecopyError('BAD_FILE', `${path}: ${oneLine(String((error as Error).message))}`, 'name another folder');
  }
}
