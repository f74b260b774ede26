import { existsSync } from 'node:fs';
import { designs as builtInDesigns } from '../../../machines/designs/index.ts';
import type { AnyDesign } from '../../model/design.ts';
import { PrecopyError } from '../../model/errors.ts';
import { nearestNames } from '../../model/nearest-name.ts';
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
 * Resolves the arguments of a command: ids of designs and mutants, and files that export designs.
 * @throws PrecopyError `UNKNOWN_NAME` or `BAD_FILE`
 */
export async function resolveTargets(names: readonly string[]): Promise<Target[]> {
  const targets: Target[] = [];
  for (const name of names)
    targets.push(...((await isFile(name)) ? await fromFile(name) : [{ design: await builtInDesign(name) }]));
  return targets;
}

/** Returns the built-in mutants of the designs among the targets, and the targets that are mutants themselves. */
export async function mutantsAmong(targets: readonly Target[]): Promise<Target[]> {
  const mutants = await loadMutants();
  return targets.flatMap((target) => {
    if (target.design.mutation) return [target];
    if (target.file !== undefined) return [];
    return mutants.filter(({ mutantOf }) => mutantOf === target.design.id).map((design) => ({ design }));
  });
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

async function fromFile(file: string): Promise<Target[]> {
  const { loadDesigns } = await import('./load-designs.ts');
  return (await loadDesigns(file)).map((design) => ({ design, file }));
}

async function find(name: string): Promise<AnyDesign | undefined> {
  const named = ({ id }: AnyDesign): boolean => id === name;
  return designs.find(named) ?? (await loadMutants()).find(named);
}

async function isFile(name: string): Promise<boolean> {
  if (await find(name)) return false;
  return /\.[cm]?[jt]s$/.test(name) || /^\.{0,2}\//.test(name) || existsSync(name);
}
