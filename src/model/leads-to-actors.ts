import { PrecopyError } from './errors.ts';
import type { Instance } from './instance.ts';
import type { LeadsTo } from './property.ts';

/** The actor of a leads-to property that speaks of the system as a whole. */
const wholeSystem = -1;

/**
 * Returns the ids of the actors that a leads-to property is checked for, one at a time; -1 alone for the system as a
 * whole. There may be none at some params.
 * @throws PrecopyError `BAD_DESIGN` if its `actors` returns anything else than ids of actors
 */
export function actorsOf({ id, actors }: LeadsTo, { view, actors: all }: Instance): readonly number[] {
  const ids: unknown = actors(view['actors'] as never);
  const refuse = (what: string): never => {
    const remedy = 'return an array of ids, such as `ids.vcpus`';
    throw new PrecopyError('BAD_DESIGN', `'actors' of the property '${id}' returns ${what}`, remedy);
  };
  if (!Array.isArray(ids)) return refuse(`${typeof ids}, and no array`);
  if (ids.length === 1 && ids[0] === wholeSystem) return ids;
  const bad = ids.findIndex((actor) => !Number.isInteger(actor) || actor < 0 || actor >= all.length);
  if (bad >= 0) return refuse(`${String(ids[bad])}, which is no actor: there are ${all.length}`);
  return ids as readonly number[];
}
