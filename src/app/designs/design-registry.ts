import { existsSync } from 'node:fs';
import { designs as builtInDesigns } from '../../../machines/designs/index.ts';
import type { AnyDesign } from '../../model/design.ts';
import { PrecopyError } from '../../model/errors.ts';
import { didYouMean, nearestNames } from '../../model/nearest-name.ts';
import { orList } from '../../model/word-list.ts';

/** A design to work on, and the file that exports it if it is not built in. */
export interface Target {
  readonly design: AnyDesign;
  readonly file?: string;
}

/** The built-in designs. */
export const designs: readonly AnyDesign[] = builtInDesigns;

/** Loads the built-in mutants. Most commands start faster without them. */
export const loadMutants = async (): Promise<readonly AnyDesign[]> =>
  (await import('../../../machines/mutants/index.ts')).mutants;

/** Returns true for a design or mutant that precopy ships, in any memory model: workers find it by its id. */
export async function isBuiltIn(design: AnyDesign): Promise<boolean> {
  const own = await find(design.id);
  const keys = Object.keys({ ...own, ...design }).filter((key) => key !== 'memoryModel') as (keyof AnyDesign)[];
  return own !== undefined && keys.every((key) => own[key] === design[key]);
}

/**
 * Resolves the arguments of a command: ids of designs and mutants, files that export designs, and single designs of a
 * file, such as `./my-designs.ts:my-design`.
 * @throws PrecopyError `UNKNOWN_NAME` or `BAD_FILE`
 */
export async function resolveTargets(names: readonly string[]): Promise<Target[]> {
  const targets: Target[] = [];
  for (const name of names) targets.push(...(await targetsOf(name)));
  return targets;
}

async function targetsOf(name: string): Promise<Target[]> {
  const builtIn = await find(name);
  if (builtIn) return [{ design: builtIn }];
  const isFile = sourceFile.test(name) || /^\.{0,2}\//.test(name) || existsSync(name);
  return isFile ? targetsInFile(name) : [{ design: await builtInDesign(name) }];
}

/** A TypeScript or JavaScript file, and the id of one of its designs, if any. */
const sourceFile = /^(.+?\.[cm]?[jt]s)(?::(.+))?$/;

/**
 * Loads the designs that a file exports, or one of them: `./my-designs.ts:my-design`.
 * @throws PrecopyError `UNKNOWN_NAME` if the file exports no design with this id; `BAD_FILE` if it cannot be loaded
 */
export async function targetsInFile(name: string): Promise<Target[]> {
  const [, file = name, id] = existsSync(name) ? [] : (sourceFile.exec(name) ?? []);
  const { loadDesigns } = await import('./load-designs.ts');
  const targets = (await loadDesigns(file)).map((design) => ({ design, file }));
  const found = id === undefined ? targets : targets.filter(({ design }) => design.id === id);
  if (id === undefined || found.length > 0) return found;
  const ids = targets.map(({ design }) => design.id);
  const cause = `${file} exports no design '${id}'${didYouMean(id, ids)}`;
  throw new PrecopyError('UNKNOWN_NAME', cause, `it exports ${ids.join(', ')}`);
}

/** Returns the mutants of the designs among the targets, and the targets that are mutants themselves. */
export async function mutantsAmong(targets: readonly Target[]): Promise<Target[]> {
  const shipped = (await loadMutants()).map((design): Target => ({ design }));
  const mutants = new Map<AnyDesign, Target>();
  for (const target of targets) {
    const { design, file } = target;
    const besides = file === undefined ? shipped : await targetsInFile(file);
    const own = design.mutation ? [target] : besides.filter((one) => one.design.mutantOf === design.id);
    for (const mutant of own) mutants.set(mutant.design, mutant);
  }
  return [...mutants.values()];
}

/**
 * Returns the built-in design or mutant with this id.
 * @param otherwise remedy for an unknown name, after the suggestions
 * @throws PrecopyError `UNKNOWN_NAME`
 */
export async function builtInDesign(name: string, otherwise = '`precopy designs` lists all'): Promise<AnyDesign> {
  const found = await find(name);
  if (found) return found;
  const all = [...designs, ...(await loadMutants())];
  const near = nearestNames(
    name,
    all.map(({ id }) => id),
  );
  const guess = near.length > 0 ? `did you mean ${orList(near)}? ` : '';
  throw new PrecopyError('UNKNOWN_NAME', `there is no design '${name}'`, `${guess}${otherwise}`);
}

async function find(name: string): Promise<AnyDesign | undefined> {
  const named = ({ id }: AnyDesign): boolean => id === name;
  return designs.find(named) ?? (await loadMutants()).find(named);
}
