import { PrecopyError } from '../model/errors.ts';
import { designs, mutants, mutantsAmong, type Target, targetsOf } from './catalogue.ts';

/** What a check is to do: designs that are reported one by one, and mutants that are reported in a table. */
export interface Plan {
  readonly alone: readonly Target[];
  readonly inTable: readonly Target[];
}

/**
 * All shipped designs and then all mutants where nothing is named; else what is named, or the mutants of that.
 * @throws PrecopyError `UNKNOWN_NAME` or `BAD_FILE`
 */
export async function planOf(names: readonly string[], onlyMutants: boolean): Promise<Plan> {
  const shipped = designs.map((design) => ({ design }));
  if (!onlyMutants) {
    if (names.length > 0) return { alone: await targetsOf(names), inTable: [] };
    return { alone: shipped, inTable: mutants.map((design) => ({ design })) };
  }
  const inTable = mutantsAmong(names.length > 0 ? await targetsOf(names) : shipped);
  if (inTable.length > 0) return { alone: [], inTable };
  throw new PrecopyError('UNKNOWN_NAME', `there are no mutants of ${names.join(', ')}`, 'make some with defineMutant');
}
