import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename, extname, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AnyDesign } from '../../model/design.ts';
import { PrecopyError } from '../../model/errors.ts';
import type { Property } from '../../model/property.ts';
import { System } from '../../model/system.ts';
import { validateDesign } from '../../model/validate-design.ts';
import { isXstateMachine, xstateGuide } from '../../model/xstate-internals.ts';
import { maxInputBytes } from '../files/input-file.ts';
import { LoadRecord } from '../files/load-record.ts';
import { type Place, placeInOwnDesign } from '../files/stack-frames.ts';
import { oneLine, textOfException } from '../wording.ts';
import { fileInUse } from './file-in-use.ts';

const howTo = 'export default a design made with defineDesign, or a list of designs called `designs`';

/**
 * Loads the designs of a TypeScript file: its default export, and the list `designs`.
 * @throws PrecopyError `BAD_FILE`; `BAD_DESIGN` for a name that nothing has
 */
export async function loadDesigns(file: string): Promise<readonly AnyDesign[]> {
  const path = resolve(file);
  if (!existsSync(path)) throw new PrecopyError('BAD_FILE', `there is no file ${file}`, 'check the path');
  const found = statSync(path);
  if (!found.isFile()) throw new PrecopyError('BAD_FILE', `${file} is not a regular file`, 'name a TypeScript file');
  if (found.size > maxInputBytes) {
    throw new PrecopyError('BAD_FILE', `${file} is larger than ${maxInputBytes >> 20} MiB`, 'name a TypeScript file');
  }
  const exported = await importFrom(path, file);
  const designs = designsIn(exported, file);
  for (const design of designs) validateDesign(design);
  resolveStatecharts(designs, file);
  for (const design of designs) assertOneLine(design, file);
  const ids = designs.map(({ id }) => id);
  const twice = ids.find((id, n) => ids.indexOf(id) !== n);
  if (twice !== undefined) {
    throw new PrecopyError('BAD_FILE', `${file} has two designs called '${twice}'`, 'give each an id of its own');
  }
  return designs;
}

/** Converts an exception of code in a file to a defect of this file. The exception stays its `cause`. */
export function toUserError(file: string, error: unknown, when: string): PrecopyError {
  const cause = `${nameOf(file, placeInOwnDesign(error))} throws ${when}: ${oneLine(textOfException(error))}`;
  const result = new PrecopyError('BAD_FILE', cause, 'correct the file');
  result.cause = error;
  return result;
}

/** Names a place in the code of a design: `design.ts:12`, or `base.ts:3, which design.ts imports,`. */
function nameOf(file: string, place: Place | undefined): string {
  if (!place) return file;
  const { path, line } = place;
  return path === resolve(file) ? `${file}:${line}` : `${relative('.', path)}:${line}, which ${file} imports,`;
}

/** Returns true if the stack of an exception contains code that a person wrote: of a design, or of what it imports. */
export const originatesInDesign = (error: unknown): boolean => placeInOwnDesign(error) !== undefined;

let record: LoadRecord | undefined;
let hooking: Promise<LoadRecord> | undefined;
const loaded = new Set<string>();

/** What this thread has loaded: another thread that loads the same has the same designs. */
export interface LoadedFiles {
  /** absolute paths, in the order in which they were loaded */
  readonly paths: readonly string[];
  /**
   * hash of these files, of all that they depended on while they were loaded, and of which of them the one in question
   * is: two files may have a design of one name
   */
  readonly hash: string;
}

/** Returns what this thread has loaded, if a file is among it. */
export function loadedFilesWith(file: string): LoadedFiles | undefined {
  const paths = [...loaded];
  const place = paths.indexOf(resolve(file));
  if (!record || place < 0) return undefined;
  return { paths, hash: createHash('sha256').update(`${record.hash} ${place}`).digest('hex') };
}

async function importFrom(path: string, file: string): Promise<Record<string, unknown>> {
  await hookModules();
  const { href } = pathToFileURL(path);
  const load = (): Promise<Record<string, unknown>> => import(href) as Promise<Record<string, unknown>>;
  const { stackTraceLimit } = Error;
  fileInUse.name = file;
  fileInUse.isLoading = true;
  try {
    const exported = await (record as LoadRecord).during(href, load);
    loaded.add(path);
    return exported;
  } catch (error) {
    if (error instanceof PrecopyError) throw error;
    throw unreadable(path, file, error);
  } finally {
    fileInUse.isLoading = false;
    // Stacks tell whose exception it is.
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Makes Node load TypeScript, and resolve `precopy` to the running package: its sources, or its build. */
export async function hookModules(): Promise<void> {
  hooking ??= startRecord();
  record = await hooking;
}

async function startRecord(): Promise<LoadRecord> {
  await import(import.meta.resolve('#package/bin/typescript.js'));
  const { hookOwnPackage } = await import(import.meta.resolve('#package/bin/own-package.js'));
  return new LoadRecord(hookOwnPackage(import.meta.url.endsWith('.ts') ? 'precopy-source' : 'default'));
}

function unreadable(path: string, file: string, error: unknown): PrecopyError {
  const { name, message, code } = error instanceof Error ? (error as NodeJS.ErrnoException) : {};
  const [, at = '', place, what] =
    (name === 'TransformError' && /^(.*?)(:\d+:\d+): ERROR: (.*)$/m.exec(message ?? '')) || [];
  if (place !== undefined) {
    const where = at === path ? file : relative('.', at);
    return new PrecopyError('BAD_FILE', `${where}${place} does not parse: ${what}`, 'correct the file');
  }
  if (code === 'ERR_MODULE_NOT_FOUND') {
    const [, cause = '', importer = path] = /^(.*?)(?: imported from (.*))?$/s.exec(message ?? '') ?? [];
    const name = nameOf(file, placeOfImport(cause, importer));
    return new PrecopyError('BAD_FILE', `${name} does not load: ${oneLine(cause)}`, 'check its imports');
  }
  return toUserError(file, error, 'while it loads');
}

/** Returns the line of a file that names the module that was not found, by the end of its name. */
function placeOfImport(cause: string, importer: string): Place | undefined {
  const [, missing = ''] = /'(.*?)'/.exec(cause) ?? [];
  const lines = existsSync(importer) ? readFileSync(importer, 'utf8').split('\n') : [];
  const index = lines.findIndex((line) => line.includes(basename(missing, extname(missing))));
  return index < 0 ? undefined : { path: importer, line: index + 1 };
}

function designsIn(exported: Record<string, unknown>, file: string): AnyDesign[] {
  const { default: main, designs: list } = exported;
  if (main === undefined && list === undefined) throw new PrecopyError('BAD_FILE', `${file} exports no design`, howTo);
  if (list !== undefined && !Array.isArray(list)) {
    throw new PrecopyError('BAD_FILE', `${file}: its export 'designs' is not a list`, howTo);
  }
  const found = [...new Set([...(main === undefined ? [] : [main]), ...((list as unknown[] | undefined) ?? [])])];
  if (found.length === 0) throw new PrecopyError('BAD_FILE', `${file} exports no design`, howTo);
  for (const design of found) {
    if (isDesign(design)) continue;
    if (isXstateMachine(design)) {
      throw new PrecopyError('BAD_FILE', `${file} exports a machine of xstate, which is no design`, xstateGuide);
    }
    throw new PrecopyError('BAD_FILE', `${file} exports something that is no design`, howTo);
  }
  return found as AnyDesign[];
}

/** Resolves all statecharts: xstate then reports mistakes in them. */
function resolveStatecharts(designs: readonly AnyDesign[], file: string): void {
  try {
    for (const { machines } of designs) for (const { statechart } of Object.values(machines)) void statechart;
  } catch (error) {
    throw toUserError(file, error, 'while it loads');
  }
}

function isDesign(value: unknown): value is AnyDesign {
  if (typeof value !== 'object' || value === null) return false;
  const { id, system, machines, properties } = value as { readonly [key in keyof AnyDesign]?: unknown };
  return (
    typeof id === 'string' && system instanceof System && typeof machines === 'object' && Array.isArray(properties)
  );
}

/** Refuses line breaks and control characters in what is printed: a title could look like a verdict. */
function assertOneLine({ id, title, properties }: AnyDesign, file: string): void {
  const texts = (properties as readonly Property[]).flatMap((property) => [property.id, property.description]);
  const bad = [id, title, ...texts].find((text) => /\p{Cc}/u.test(text ?? ''));
  if (bad === undefined) return;
  const cause = `${file}: ${JSON.stringify(bad)} has a line break or a control character`;
  throw new PrecopyError('BAD_DESIGN', cause, 'write ids, titles and descriptions in one line');
}
