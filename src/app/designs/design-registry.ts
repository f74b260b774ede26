import { existsSync } from 'node:fs';
import { designs as shippedDesigns } from '../../../machines/designs.ts';
import type { AnyDesign } from '../../model/design.ts';
import { PrecopyError } from '../../model/errors.ts';
import { orList, suggest } from './suggestions.ts';

/** A design that a person asked for, and the file that it is from if it is not shipped. */
export interface Target {
  readonly design: AnyDesign;
  readonly file?: string;
}

export const designs: readonly AnyDesign[] = shippedDesigns;

/** The mutants are loaded when they are asked for: most commands are about designs, and begin sooner without. */
export const shippedMutants = async (): Promise<readonly AnyDesign[]> =>
  (await import('../../../machines/mutants.ts')).mutants;

/**
 * What the arguments of a command name: designs, mutants, and files with designs.
 * @throws PrecopyError `UNKNOWN_NAME` or `BAD_FILE`
 */
export async function resolveTargets(names: readonly string[]): Promise<Target[]> {
  const targets: Target[] = [];
  for (const name of names)
    targets.push(...((await isFile(name)) ? await fromFile(name) : [{ design: await builtInDesign(name) }]));
  return targets;
}

/** All mutants of the targets that are designs, and the targets that are mutants themselves. */
export async function mutantsAmong(targets: readonly Target[]): Promise<Target[]> {
  const mutants = await shippedMutants();
  return targets.flatMap((target) => {
    if (target.design.mutation) return [target];
    if (target.file !== undefined) return [];
    return mutants.filter(({ mutantOf }) => mutantOf === target.design.id).map((design) => ({ design }));
  });
}

/**
 * The shipped design or mutant of that name.
 * @param otherwise what to do if it is meant to be something else
 * @throws PrecopyError `UNKNOWN_NAME`
 */
export async function builtInDesign(name: string, otherwise = '`precopy designs` lists all'): Promise<AnyDesign> {
  const found = await find(name);
  if (found) return found;
  const all = [...designs, ...(await shippedMutants())];
  const near = await suggest(
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
  return designs.find(named) ?? (await shippedMutants()).find(named);
}

async function isFile(name: string): Promise<boolean> {
  if (await find(name)) return false;
  return /\.[cm]?[jt]s$/.test(name) || /^\.{0,2}\//.test(name) || existsSync(name);
}
