import { PrecopyError } from '../../model/errors.ts';

const maxCombinations = 100_000;

/**
 * Returns all combinations of the values of some names, the last name changing first; one without names.
 * @throws PrecopyError `TOO_LARGE`
 */
export function combinationsOf<T>(values: Readonly<Record<string, readonly T[]>>): Record<string, T>[] {
  const count = Object.values(values).reduce((product, all) => product * all.length, 1);
  if (count > maxCombinations) {
    const cause = `${count.toLocaleString('en')} combinations of ${Object.keys(values).join(', ')}`;
    throw new PrecopyError('TOO_LARGE', cause, `give at most ${maxCombinations.toLocaleString('en')}`);
  }
  return Object.entries(values).reduce<Record<string, T>[]>(
    (points, [name, all]) => points.flatMap((point) => all.map((value) => ({ ...point, [name]: value }))),
    [{}],
  );
}
