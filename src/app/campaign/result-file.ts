import { createHash, randomBytes } from 'node:crypto';
import { closeSync, constants, fstatSync, fsyncSync, ftruncateSync, lstatSync, openSync, readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { PrecopyError } from '../../model/errors.ts';
import { readFully, writeFully } from '../files/binary-io.ts';
import { oneLine } from '../wording.ts';
import { partsOf } from './campaign-folder.ts';
import { recordSchema, type ShardRecord } from './record-schema.ts';

const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;
const suffix = '.jsonl';
const chunkBytes = 1 << 20;
/** A longer line is not one of precopy. */
const maxLineBytes = 1 << 24;
const newline = 10;

/** Returns a name for a worker of this process that no other worker has, on any machine. */
export const newWorkerName = (): string =>
  `${hostname().replaceAll(/[^\w.-]/g, '-')}-${process.pid}-${randomBytes(3).toString('hex')}`;

/** Appends records to the result file of a worker, which no other one writes. */
export class ResultWriter {
  private readonly path: string;
  private file: number | undefined;
  private length = 0;

  constructor(folder: string, worker: string) {
    this.path = join(partsOf(folder).results, `${worker}${suffix}`);
  }

  /**
   * Appends a record, and flushes it to the disk.
   * @throws PrecopyError `BAD_FILE` if there is no room for it; the records before it are complete
   */
  append(record: ShardRecord): void {
    const text = JSON.stringify(record);
    const checksum = createHash('sha256').update(text).digest('hex');
    const line = Buffer.from(`{"checksum":"${checksum}","record":${text}}\n`);
    try {
      this.file ??= openSync(this.path, 'wx', 0o644);
      writeFully(this.file, line, this.length);
      fsyncSync(this.file);
      this.length += line.length;
    } catch (error) {
      if (this.file !== undefined) ftruncateSync(this.file, this.length);
      const cause = `${this.path} cannot be written: ${oneLine((error as Error).message)}`;
      throw new PrecopyError('BAD_FILE', cause, 'make room and run it again: what was written before is kept');
    }
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
  }
}

/** Where the line of a record is. */
export interface RecordPlace {
  readonly path: string;
  readonly offset: number;
  readonly bytes: number;
}

/** A file, or a part of one, that is no result of the campaign. */
export interface LeftAlone {
  readonly file: string;
  readonly why: string;
}

interface Tail {
  /** where the first line begins that is not read yet */
  offset: number;
  lines: number;
  isLeftAlone: boolean;
}

/** Reads the records of a folder as they are appended. What is no record is left alone, and named. */
export class ResultReader {
  readonly leftAlone: LeftAlone[] = [];
  private readonly tails = new Map<string, Tail>();
  private readonly others = new Set<string>();

  constructor(private readonly folder: string) {}

  /** Reads the records that are new since the last call. */
  refresh(each: (record: ShardRecord, place: RecordPlace) => void): void {
    for (const name of readdirSync(this.folder).sort()) {
      const path = join(this.folder, name);
      if (name.endsWith(suffix)) this.readNew(path, each);
      else if (!this.others.has(name)) {
        this.others.add(name);
        this.leftAlone.push({ file: path, why: 'it is not a result file' });
      }
    }
  }

  /** Returns the files that end in the middle of a line: their process was killed, or is writing. */
  tornFiles(): LeftAlone[] {
    return [...this.tails].flatMap(([path, { offset, isLeftAlone }]) => {
      const size = lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;
      return !isLeftAlone && size > offset ? [{ file: path, why: 'it ends in the middle of a record' }] : [];
    });
  }

  private readNew(path: string, each: (record: ShardRecord, place: RecordPlace) => void): void {
    const tail = this.tails.get(path) ?? { offset: 0, lines: 0, isLeftAlone: false };
    this.tails.set(path, tail);
    if (tail.isLeftAlone) return;
    const giveUp = (why: string): void => {
      tail.isLeftAlone = true;
      this.leftAlone.push({ file: path, why });
    };
    let file: number | undefined;
    try {
      if (!lstatSync(path).isFile()) {
        giveUp('it is not a regular file');
        return;
      }
      file = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
      const { size } = fstatSync(file);
      for (const { line, offset } of completeLines(file, tail.offset, size)) {
        tail.offset = offset + line.length + 1;
        tail.lines++;
        const record = parseLine(line.toString('utf8'));
        if (typeof record === 'string') this.leftAlone.push({ file: `${path}:${tail.lines}`, why: record });
        else each(record, { path, offset, bytes: line.length });
      }
      if (size - tail.offset > maxLineBytes) giveUp('its last line is longer than any record');
    } catch (error) {
      giveUp(`it cannot be read: ${oneLine((error as Error).message)}`);
    } finally {
      if (file !== undefined) closeSync(file);
    }
  }
}

/** Reads one record again. */
export function recordAt({ path, offset, bytes }: RecordPlace): ShardRecord {
  const file = openSync(path, O_RDONLY | O_NOFOLLOW);
  try {
    const record = parseLine(Buffer.from(readFully(file, new Uint8Array(bytes), offset)).toString('utf8'));
    if (typeof record !== 'string') return record;
  } finally {
    closeSync(file);
  }
  throw new PrecopyError('BAD_FILE', `${path} has changed while it was read`, 'try again');
}

function* completeLines(file: number, from: number, end: number): Generator<{ line: Buffer; offset: number }> {
  let rest = Buffer.alloc(0);
  let restAt = from;
  for (let at = from; at < end && rest.length <= maxLineBytes; ) {
    const bytes = Buffer.alloc(Math.min(chunkBytes, end - at));
    readFully(file, bytes, at);
    at += bytes.length;
    const text = rest.length > 0 ? Buffer.concat([rest, bytes]) : bytes;
    let start = 0;
    for (let stop = text.indexOf(newline); stop >= 0; stop = text.indexOf(newline, start)) {
      yield { line: text.subarray(start, stop), offset: restAt + start };
      start = stop + 1;
    }
    rest = text.subarray(start);
    restAt += start;
  }
}

const lineFormat = /^\{"checksum":"([0-9a-f]{64})","record":(.*)\}$/s;

/** Parses a line. Returns why it is no record, if it is none. */
function parseLine(line: string): ShardRecord | string {
  const [, checksum, text] = lineFormat.exec(line) ?? [];
  if (text === undefined) return 'it is not a record';
  if (createHash('sha256').update(text).digest('hex') !== checksum) return 'its checksum is wrong';
  try {
    const parsed = recordSchema.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data as ShardRecord;
    const [issue] = parsed.error.issues;
    return `it does not fit the schema: ${issue?.path.join('.')}: ${oneLine(issue?.message ?? '')}`;
  } catch {
    return 'it is not JSON';
  }
}
