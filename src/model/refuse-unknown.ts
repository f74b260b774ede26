import { PrecopyError } from './errors.ts';
import { didYouMean } from './nearest-name.ts';

/** Maximum number of known names that a remedy lists. */
const maxListed = 16;

/**
 * Returns the error for a name that nothing has, with the nearest names: `machine 'vcpu', state 'host', STEP: there is
 * no key 'gaurd' (did you mean 'guard'?)`.
 * @param where what the name stands in; '' if `what` says it
 * @param what what the name should name: `key`, `state`
 */
export function unknownName(where: string, what: string, name: string, known: readonly string[]): PrecopyError {
  const all = known.length > maxListed ? `${known.slice(0, maxListed).join(', ')} ...` : known.join(', ');
  return new PrecopyError(
    'BAD_DESIGN',
    `${prefix(where)}there is no ${what} '${name}'${didYouMean(name, known)}`,
    known.length > 0 ? `there are ${all}` : `there are none: remove it`,
  );
}

/** @throws PrecopyError `BAD_DESIGN` if nothing has the name */
export function refuseUnknown(where: string, what: string, name: string, known: readonly string[]): void {
  if (!known.includes(name)) throw unknownName(where, what, name, known);
}

/**
 * Refuses a value that is no object, and one with a key that has no meaning. TypeScript does not see such a key where a
 * type is generic, and files are run without it.
 * @throws PrecopyError `BAD_DESIGN`
 */
export function refuseUnknownKeys(where: string, value: unknown, known: readonly string[]): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new PrecopyError('BAD_DESIGN', `${where} is ${String(value)}`, `give an object with ${known.join(', ')}`);
  }
  for (const key of Object.keys(value)) refuseUnknown(where, 'key', key, known);
}

const takenByObjects = [...Object.getOwnPropertyNames(Object.prototype), 'then', 'toJSON'];

/**
 * Refuses a name that cannot be told from another one: an empty one, one with a character that separates the names in a
 * path, one that every object of JavaScript has, and one that is taken.
 * @param what what has the name: `memory region`
 * @param taken names that the context or the view of a model has already
 * @throws PrecopyError `BAD_DESIGN`
 */
export function refuseTakenName(where: string, what: string, name: string, taken: readonly string[] = []): void {
  if (taken.includes(name)) {
    const cause = `${prefix(where)}a ${what} cannot be called '${name}', which means something else there`;
    throw new PrecopyError('BAD_DESIGN', cause, `call it something else; taken are ${taken.join(', ')}`);
  }
  if (takenByObjects.includes(name)) {
    const cause = `${prefix(where)}a ${what} cannot be called '${name}', as every object of JavaScript has that name`;
    throw new PrecopyError('BAD_DESIGN', cause, 'call it something else');
  }
  if (!/^[^\s.,:;=[\]()'"]+$/.test(name)) {
    const cause = `${prefix(where)}a ${what} cannot be called '${name}'`;
    throw new PrecopyError('BAD_DESIGN', cause, 'a name is not empty, and has no spaces, dots, commas or brackets');
  }
}

const prefix = (where: string): string => (where === '' ? '' : `${where}: `);
