import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Program } from '../compile/program.ts';
import type { Keeper, Snapshot } from '../explore/keeper.ts';
import { PrecopyError } from '../model/errors.ts';
import { modelHash } from '../model/schedule.ts';
import { oneLine } from './failure.ts';
import { bytesOf, readWhole, writeWhole } from './file-bytes.ts';

const format = 'precopy-checkpoint 2';
const secondsBetween = 60;
const bytesOfLength = 8;

interface Header {
  readonly format: string;
  readonly design: string;
  readonly model: string;
  readonly snapshot: Snapshot;
}

/**
 * Keeps the snapshots of one search in a file, `DIR/DESIGN.checkpoint`: the length of a JSON header, the header, the arrays. A new one is written beside the last one, flushed
 * to the disk and put in its place by one rename, so whatever happens, the file is a whole snapshot.
 */
export class Checkpoint implements Keeper {
  readonly last: Snapshot | undefined;
  private readonly path: string;
  private readonly model: string;
  private file: number | undefined;
  private kept = performance.now();

  /**
   * @param warn is told when a snapshot cannot be written
   * @throws PrecopyError `BAD_FILE` when the folder cannot be made, or its checkpoint is of another model
   */
  constructor(
    directory: string,
    private readonly program: Program,
    private readonly warn: (text: string) => void,
  ) {
    this.path = join(directory, `${program.design.id.replaceAll('/', '~')}.checkpoint`);
    this.model = fingerprintOf(program);
    blamingFile(directory, () => mkdirSync(directory, { recursive: true }));
    if (existsSync(this.path)) this.last = blamingFile(this.path, () => this.open());
  }

  readonly fill: Keeper['fill'] = (array) => {
    blamingFile(this.path, () => readWhole(this.file as number, bytesOf(array)));
  };

  isDue(): boolean {
    return performance.now() - this.kept > secondsBetween * 1000;
  }

  keep(snapshot: Snapshot, each: Parameters<Keeper['keep']>[1]): void {
    const next = `${this.path}.next`;
    const header: Header = { format, design: this.program.design.id, model: this.model, snapshot };
    const text = Buffer.from(JSON.stringify(header));
    const length = Buffer.alloc(bytesOfLength);
    length.writeUInt32LE(text.length);
    try {
      const file = openSync(next, 'w');
      try {
        for (const bytes of [length, text]) writeWhole(file, bytes);
        each((array) => writeWhole(file, bytesOf(array)));
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

  private open(): Snapshot {
    this.file = openSync(this.path, 'r');
    const length = readWhole(this.file, new Uint8Array(bytesOfLength));
    const size = Buffer.from(length).readUInt32LE();
    const refuse = (why: string): never => {
      throw new PrecopyError('BAD_FILE', `${this.path} ${why}`, 'remove it, or name another folder with --checkpoint');
    };
    if (size > 1 << 20) refuse('is no checkpoint');
    const header = JSON.parse(Buffer.from(readWhole(this.file, new Uint8Array(size))).toString()) as Header;
    if (header.format !== format) refuse('is no checkpoint of this version of precopy');
    if (header.design !== this.program.design.id || header.model !== this.model) {
      refuse('is of another model: the design, its sizes or its code have changed');
    }
    return header.snapshot;
  }
}

/** Changes with the statecharts, the sizes, and the code of actions, guards and properties. */
function fingerprintOf({ instance, design }: Program): string {
  const codeOf = (functions: object): string[] => Object.entries(functions).map(([name, code]) => `${name} ${code}`);
  const machines = Object.values(design.machines).flatMap(({ definition }) => [
    ...codeOf(definition.actions),
    ...codeOf(definition.guards),
  ]);
  const properties = design.properties.flatMap((property) => codeOf(property));
  return createHash('sha256')
    .update(JSON.stringify([modelHash(instance), machines, properties]))
    .digest('hex');
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
