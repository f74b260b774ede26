import { createHash } from 'node:crypto';
import { closeSync, lstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { PrecopyError } from '../../model/errors.ts';
import { type BuiltinCall, observeBuiltins } from '../../platform/observed-builtins.ts';
import { isOwnFile, type Place, placesIn } from './stack-frames.ts';

const reasons = {
  clock: 'tells the time',
  chance: 'draws a random number',
  outside: 'depends on more than files',
  process: '',
} as const;

/**
 * Records what code of files depends on while it loads: the modules, the files and the environment that it reads, the
 * command line, the machine. One record covers all files that this thread loads, since modules may share what they
 * read.
 */
export class LoadRecord {
  private readonly entries = new Map<string, string>();
  private readonly modules = new Set<string>();
  private readonly edges = new Map<string, Set<string>>();
  private readonly reads = new Map<string, () => string>();
  private refusal: PrecopyError | undefined;
  /** whether a call is being looked at: what that calls in turn is no concern of a design */
  private isObserving = false;

  /**
   * @param newImports returns the imports since its last call, as pairs of URLs: of the importing module, and of the
   *   imported one
   */
  constructor(private readonly newImports: () => readonly (readonly [string, string])[]) {}

  /**
   * Loads a file and records what that depends on.
   * @param url of the file
   * @throws PrecopyError `BAD_DESIGN` if code depends on what no later run can repeat; what `load` throws
   */
  async during<T>(url: string, load: () => Promise<T>): Promise<T> {
    this.modules.add(url);
    const stop = observeBuiltins((call) => this.called(call));
    try {
      const loaded = await load();
      if (this.refusal) throw this.refusal;
      return loaded;
    } finally {
      stop();
      this.close(dirname(fileURLToPath(url)));
    }
  }

  /** Returns a hash of everything that was recorded, as it was right after it had been loaded. */
  get hash(): string {
    const hash = createHash('sha256');
    for (const [name, value] of [...this.entries].sort(([a], [b]) => (a < b ? -1 : 1))) {
      hash.update(`${JSON.stringify([name, value])}\n`);
    }
    return hash.digest('hex');
  }

  private called(call: BuiltinCall): void {
    if (call.kind === 'timer' || this.isObserving) return;
    this.isObserving = true;
    try {
      const places = callersOf(call);
      const [caller] = places;
      if (caller && !isOwnFile(caller.path) && this.isOfDesign(places)) this.calledBy(caller, call);
    } finally {
      this.isObserving = false;
    }
  }

  /** Returns whether code of the loaded files is running, and not something else that this thread does meanwhile. */
  private isOfDesign(places: readonly Place[]): boolean {
    const isKnown = ({ path }: Place): boolean => this.modules.has(pathToFileURL(path).href);
    if (places.some(isKnown)) return true;
    this.addImports();
    return places.some(isKnown);
  }

  private addImports(): void {
    for (const [from, to] of this.newImports()) {
      this.edges.set(from, (this.edges.get(from) ?? new Set()).add(to));
    }
    for (const module of this.modules) {
      for (const next of this.edges.get(module) ?? []) this.modules.add(next);
      for (const { filename } of requiredBy(module)) this.modules.add(pathToFileURL(filename).href);
    }
  }

  private calledBy(caller: Place, call: BuiltinCall): void {
    const { kind, name, args } = call;
    const [first] = args;
    if (kind === 'environment') this.reads.set(`env ${first}`, () => String(process.env[String(first)]));
    else if (kind === 'machine') this.reads.set(`${name} ${first ?? ''}`, () => valueOfCall(call));
    else if (kind === 'file') this.readsFile(first, name, caller);
    else if (kind !== 'timer') this.refuse(name, reasons[kind], caller);
  }

  private readsFile(file: unknown, name: string, caller: Place): void {
    if (typeof file === 'number') {
      if (file === 0) this.refuse(name, 'reads stdin', caller);
      return;
    }
    if (!(typeof file === 'string' || file instanceof URL || file instanceof Uint8Array)) return;
    const path = resolve(file instanceof URL ? fileURLToPath(file) : Buffer.from(file).toString());
    this.reads.set(path, () => contentsOf(path));
    if (/read|open/i.test(name) && isSpecial(path))
      this.refuse(name, `reads ${path}, which is no regular file`, caller);
  }

  /**
   * Throws, and remembers that it did, since the code may catch it.
   * @param reason why no later run can repeat the call, if that is the matter with it
   */
  private refuse(name: string, reason: string, { path, line }: Place): never {
    const call = `${relative('.', path)}:${line} calls ${name} while it loads`;
    this.refusal ??= reason
      ? new PrecopyError(
          'BAD_DESIGN',
          `${call}, which ${reason}: no run could be repeated`,
          'make it a constant, or a param of the system',
        )
      : new PrecopyError('BAD_DESIGN', `${call}, which may end this process`, 'remove the call');
    throw this.refusal;
  }

  /** Notes the values of what was read, files relative to a folder. What was noted before stays as it was. */
  private close(folder: string): void {
    this.addImports();
    for (const module of this.modules) {
      if (!module.startsWith('file:')) {
        this.note(module, '');
        continue;
      }
      const path = fileURLToPath(module);
      const name = `module ${relative(folder, path)}${new URL(module).search}`;
      if (!isOwnFile(path) && !this.entries.has(name)) this.note(name, contentsOf(path));
    }
    for (const [name, read] of this.reads) this.note(name.startsWith('/') ? relative(folder, name) : name, read());
    this.reads.clear();
  }

  private note(name: string, value: string): void {
    if (!this.entries.has(name)) this.entries.set(name, value);
  }
}

const { cache } = createRequire(import.meta.url);

/** Returns the CommonJS modules that a module requires, if it is one itself. */
const requiredBy = (module: string): readonly NodeModule[] =>
  (module.startsWith('file:') && cache[fileURLToPath(module)]?.children) || [];

/** Returns where a call was made, and where its callers were called. */
function callersOf({ standIn }: BuiltinCall): Place[] {
  const { stackTraceLimit } = Error;
  const trace = { stack: '' };
  Error.stackTraceLimit = 100;
  Error.captureStackTrace(trace, standIn);
  Error.stackTraceLimit = stackTraceLimit;
  return placesIn(trace.stack);
}

/** Returns the value of something that the process or the machine does not change. */
function valueOfCall({ name, args }: BuiltinCall): string {
  if (name === 'process.cwd') return process.cwd();
  if (name === 'process.argv') return JSON.stringify(process.argv.slice(2));
  const os = process.getBuiltinModule('node:os') as unknown as Record<string, (...args: readonly unknown[]) => unknown>;
  return JSON.stringify(os[name.slice('os.'.length)]?.(...args));
}

function isSpecial(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && !found.isFile() && !found.isDirectory();
}

/** Describes what is at a path: the hash of a file, the names in a folder. */
function contentsOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return `folder ${JSON.stringify(readdirSync(path).sort())}`;
  if (found?.isFile()) return `file ${hashOfFile(path)}`;
  return found ? 'special' : `nothing ${lstatSync(path, { throwIfNoEntry: false }) ? 'behind a link' : ''}`;
}

/** Hashes a file, however large. */
function hashOfFile(path: string): string {
  const hash = createHash('sha256');
  const file = openSync(path, 'r');
  try {
    const chunk = Buffer.alloc(1 << 16);
    for (let count = readSync(file, chunk); count > 0; count = readSync(file, chunk)) {
      hash.update(chunk.subarray(0, count));
    }
  } finally {
    closeSync(file);
  }
  return hash.digest('hex');
}
