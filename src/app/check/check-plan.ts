import { type AnyDesign, allCheckKindsOf, type CheckKind, checkKindOf } from '../../model/design.ts';
import { PrecopyError } from '../../model/errors.ts';
import type { Property } from '../../model/property.ts';
import type { MemoryModel } from '../../model/store-buffer.ts';
import { designs, loadMutants, mutantsAmong, resolveTargets, type Target } from '../designs/design-registry.ts';
import type { SearchOptions } from './engines.ts';
import { assertCombinable, isSafetyOnly } from './option-combinations.ts';
import { prepareJob, type VerificationJob, withMemoryModel } from './verification-job.ts';

/** The designs of a check, reported one by one, and its mutants, reported in a table. */
interface Plan<T> {
  readonly designs: readonly T[];
  readonly mutants: readonly T[];
}

export interface PlanOptions extends SearchOptions {
  /** check the mutants of the named designs instead */
  readonly onlyMutants?: boolean;
  /** only one kind of property; by default both, where a design has both */
  readonly checks?: CheckKind | undefined;
  readonly params?: Readonly<Record<string, number>>;
  readonly memoryModel?: MemoryModel | undefined;
}

/**
 * Plans a check and compiles everything, so that a mistake in the input is reported before the first search. Without
 * names: all built-in designs, and all mutants.
 * @throws PrecopyError for options that cannot be combined, unknown names, files that cannot be loaded, and parameters
 *   out of range
 */
export async function planCheck(names: readonly string[], options: PlanOptions): Promise<Plan<VerificationJob>> {
  const { params = {}, memoryModel } = options;
  assertCombinable(options, options.checks);
  const checks = isSafetyOnly(options) ? 'safety' : options.checks;
  const prepareAll = (targets: readonly Target[]): Promise<VerificationJob[]> =>
    Promise.all(
      targets
        .map((target) => withMemoryModel(target, memoryModel))
        .flatMap((target) =>
          checkKindsOf(target.design, checks).map((kind) => prepareJob(target, kind, params, options)),
        ),
    );
  const { designs, mutants } = await targetsOf(names, { onlyMutants: options.onlyMutants === true });
  const relevant = mutants.filter(({ design }) => checks === undefined || killingCheck(design) === checks);
  return { designs: await prepareAll(designs), mutants: await prepareAll(relevant) };
}

/**
 * Returns what to check of a design: safety, and liveness if it has such properties; of a mutant, the kind of property
 * that it violates.
 * @param only restricts the check to one kind
 * @throws PrecopyError `UNKNOWN_NAME` if liveness is required and the design has no such property
 */
export function checkKindsOf({ id, properties, mutation }: AnyDesign, only?: CheckKind): CheckKind[] {
  const all = allCheckKindsOf({ properties });
  if (only === 'liveness' && !all.includes('liveness')) {
    throw new PrecopyError('UNKNOWN_NAME', `${id} has no liveness property`, 'define one with `leadsTo`');
  }
  if (only !== undefined) return [only];
  if (mutation) return [killingCheck({ properties, mutation })];
  return all;
}

/** Returns the kind of the property that a mutant violates. */
function killingCheck({ properties, mutation }: Pick<AnyDesign, 'properties' | 'mutation'>): CheckKind {
  const violated = (properties as readonly Property[]).find((property) => property.id === mutation?.breaks);
  return violated ? checkKindOf(violated) : 'safety';
}

async function targetsOf(
  names: readonly string[],
  { onlyMutants }: { readonly onlyMutants: boolean },
): Promise<Plan<Target>> {
  const builtIn = designs.map((design) => ({ design }));
  if (!onlyMutants) {
    if (names.length > 0) return { designs: await resolveTargets(names), mutants: [] };
    return { designs: builtIn, mutants: (await loadMutants()).map((design) => ({ design })) };
  }
  const mutants = await mutantsAmong(names.length > 0 ? await resolveTargets(names) : builtIn);
  if (mutants.length > 0) return { designs: [], mutants };
  throw new PrecopyError('UNKNOWN_NAME', `${names.join(', ')} has no mutants`, 'define some with defineMutant');
}
