import { type AnyDesign, type CheckKind, checkKindOf } from '../../model/design.ts';
import { PrecopyError } from '../../model/errors.ts';
import type { Property } from '../../model/property.ts';
import { designs, mutantsAmong, resolveTargets, shippedMutants, type Target } from '../designs/design-registry.ts';

/** What a check is to do: designs that are reported one by one, and mutants that are reported in a table. */
export interface Plan {
  readonly designs: readonly Target[];
  readonly mutants: readonly Target[];
}

/**
 * What is checked of a design: safety, and liveness where it has such properties; of a mutant, what it has to break. `liveness` asks for one of
 * the two alone.
 * @throws PrecopyError `UNKNOWN_NAME` when liveness is asked for and the design has nothing of the kind
 */
export function checksOf({ id, properties, mutation }: AnyDesign, liveness: boolean | undefined): CheckKind[] {
  const all = properties as readonly Property[];
  const hasLiveness = all.some((property) => checkKindOf(property) === 'liveness');
  if (liveness === true && !hasLiveness) {
    throw new PrecopyError('UNKNOWN_NAME', `${id} has no property of liveness`, 'make one with `leadsTo`');
  }
  if (liveness !== undefined) return [liveness ? 'liveness' : 'safety'];
  if (mutation) return [killingCheck({ properties, mutation })];
  return hasLiveness ? ['safety', 'liveness'] : ['safety'];
}

/** What catches a mutant. */
export function killingCheck({ properties, mutation }: Pick<AnyDesign, 'properties' | 'mutation'>): CheckKind {
  const broken = (properties as readonly Property[]).find((property) => property.id === mutation?.breaks);
  return broken ? checkKindOf(broken) : 'safety';
}

/**
 * All shipped designs and then all mutants where nothing is named; else what is named, or the mutants of that.
 * @throws PrecopyError `UNKNOWN_NAME` or `BAD_FILE`
 */
export async function planOf(names: readonly string[], onlyMutants: boolean): Promise<Plan> {
  const shipped = designs.map((design) => ({ design }));
  if (!onlyMutants) {
    if (names.length > 0) return { designs: await resolveTargets(names), mutants: [] };
    return { designs: shipped, mutants: (await shippedMutants()).map((design) => ({ design })) };
  }
  const mutants = await mutantsAmong(names.length > 0 ? await resolveTargets(names) : shipped);
  if (mutants.length > 0) return { designs: [], mutants };
  throw new PrecopyError('UNKNOWN_NAME', `there are no mutants of ${names.join(', ')}`, 'make some with defineMutant');
}
