import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { AnyDesign } from '../../model/design.ts';
import { PrecopyError } from '../../model/errors.ts';
import { System } from '../../model/system.ts';
import { oneLine } from '../wording.ts';

const howTo = 'export default a design made with defineDesign, or a list of designs called `designs`';

/**
 * Loads the designs of a TypeScript file: its default export, and the list `designs`.
 * @throws PrecopyError `BAD_FILE`
 */
export async function loadDesigns(file: string): Promise<readonly AnyDesign[]> {
  const path = resolve(file);
  if (!existsSync(path)) throw new PrecopyError('BAD_FILE', `there is no file ${file}`, 'check the path');
  if (!statSync(path).isFile()) throw new PrecopyError('BAD_FILE', `${file} is not a file`, 'name a TypeScript file');
  const exported = await importFrom(path, file);
  const designs = designsIn(exported, file);
  resolveStatecharts(designs, file);
  const ids = designs.map(({ id }) => id);
  const twice = ids.find((id, n) => ids.indexOf(id) !== n);
  if (twice !== undefined) {
    throw new PrecopyError('BAD_FILE', `${file} has two designs called '${twice}'`, 'give each an id of its own');
  }
  return designs;
}

/** Converts an exception of code in a file to a defect of this file. The exception stays its `cause`. */
export function toUserError(file: string, error: unknown, when: string): PrecopyError {
  const path = resolve(file);
  const line = error instanceof Error ? lineIn(path, error.stack ?? '') : '';
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const result = new PrecopyError('BAD_FILE', `${file}${line} throws ${when}: ${oneLine(text)}`, 'correct the file');
  result.cause = error;
  return result;
}

/** Returns true if the stack of an exception contains code of a file. */
export function originatesIn(file: string, error: unknown): boolean {
  return error instanceof Error && lineIn(resolve(file), error.stack ?? '') !== '';
}

let hooked: Promise<void> | undefined;

async function importFrom(path: string, file: string): Promise<Record<string, unknown>> {
  hooked ??= hookModules();
  await hooked;
  try {
    return (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof PrecopyError) throw error;
    throw unreadable(path, file, error);
  }
}

/** Makes Node load TypeScript, and resolve `precopy` to the running package: its sources, or its build. */
async function hookModules(): Promise<void> {
  await import(import.meta.resolve('#package/bin/typescript.js'));
  const { hookOwnPackage } = await import(import.meta.resolve('#package/bin/own-package.js'));
  hookOwnPackage(import.meta.url.endsWith('.ts') ? 'types' : 'default');
}

function unreadable(path: string, file: string, error: unknown): PrecopyError {
  const { name = '', message = '', code = '' } = error as { name?: string; message?: string; code?: string };
  const syntax = /^(.*):(\d+):(\d+): ERROR: (.*)$/m.exec(message);
  if (name === 'TransformError' && syntax) {
    const where = syntax[1] === path ? file : syntax[1];
    return new PrecopyError(
      'BAD_FILE',
      `${where}:${syntax[2]}:${syntax[3]} does not parse: ${syntax[4]}`,
      'correct the file',
    );
  }
  if (code === 'ERR_MODULE_NOT_FOUND') {
    return new PrecopyError('BAD_FILE', `${file} does not load: ${oneLine(message)}`, 'check its imports');
  }
  return toUserError(file, error, 'while it loads');
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
    if (!isDesign(design)) throw new PrecopyError('BAD_FILE', `${file} exports something that is no design`, howTo);
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

/** Returns the topmost line of a stack that is in a file, as `:12`. */
function lineIn(path: string, stack: string): string {
  const line = stack.split('\n').find((frame) => frame.trim().startsWith('at ') && frame.includes(path));
  const at = line?.slice(line.indexOf(path) + path.length).match(/^:(\d+)/);
  return at ? `:${at[1]}` : '';
}
