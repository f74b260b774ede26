import { type AnyDesign, type CheckKind, checkKindOf } from '../model/design.ts';
import { PrecopyError } from '../model/errors.ts';
import type { Property } from '../model/property.ts';
import { designs, mutantsAmong, shippedMutants, type Target, targetsOf } from './catalogue.ts';

/** What a check is to do: designs that are reported one by one, and mutants that are reported in a table. */
export interface Plan {
  readonly alone: readonly Target[];
  readonly inTable: readonly Target[];
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
  if (mutation) return [kindThatKills({ properties, mutation })];
  return hasLiveness ? ['safety', 'liveness'] : ['safety'];
}

/** What catches a mutant. */
export function kindThatKills({ properties, mutation }: Pick<AnyDesign, 'properties' | 'mutation'>): CheckKind {
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
    if (names.length > 0) return { alone: await targetsOf(names), inTable: [] };
    return { alone: shipped, inTable: (await shippedMutants()).map((design) => ({ design })) };
  }
  const inTable = await mutantsAmong(names.length > 0 ? await targetsOf(names) : shipped);
  if (inTable.length > 0) return { alone: [], inTable };
  throw new PrecopyError('UNKNOWN_NAME', `there are no mutants of ${names.join(', ')}`, 'make some with defineMutant');
}
