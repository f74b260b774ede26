import type { AnyDesign } from './design.ts';
import { PrecopyError } from './errors.ts';
import { unknownName } from './refuse-unknown.ts';
import type { PlacedCell } from './state-builder.ts';

/**
 * Returns the paths of the cells of owned memory that no two actors may race for: all but those for which a mutant
 * gives a reason in `races`.
 * @throws PrecopyError `BAD_DESIGN` if such a reason is for no cell of owned memory
 */
export function watchedOwnedCells(design: AnyDesign, cells: readonly PlacedCell[], actors: number): string[] {
  const owned = cells.flatMap(({ region, plain }) => (region === 'owned' ? [plain.name] : []));
  const races = design.mutation?.races ?? {};
  for (const [name, reason] of Object.entries(races)) {
    if (!owned.includes(name)) throw unknownName(`the races of ${design.id}`, 'cell of owned memory', name, owned);
    if (typeof reason !== 'string' || reason.trim() === '') {
      const cause = `the races of ${design.id}: ${name} has no reason`;
      throw new PrecopyError('BAD_DESIGN', cause, 'say why actors may race for it');
    }
  }
  return actors > 1 ? owned.filter((name) => !Object.hasOwn(races, name)) : [];
}
