import {
  type AnyDesign,
  allCheckKindsOf,
  type CheckKind,
  type CheckSpec,
  checkKindOf,
  checksOf,
  resolveParams,
} from '../../model/design.ts';
import { PrecopyError } from '../../model/errors.ts';
import { didYouMean } from '../../model/nearest-name.ts';
import { type Property, wellFormed } from '../../model/property.ts';
import type { MemoryModel } from '../../model/store-buffer.ts';
import { designs, loadMutants, mutantsAmong, resolveTargets, type Target } from '../designs/design-registry.ts';
import type { SearchOptions } from './engines.ts';
import { type Goal, isGoal, withGoal } from './goal.ts';
import { assertCombinable, isSafetyOnly } from './option-combinations.ts';
import {
  designsWith,
  kindsOfProperties,
  propertiesIn,
  type QuestionOptions,
  questionIn,
  withProperties,
} from './question.ts';
import { prepareJob, type VerificationJob, withMemoryModel } from './verification-job.ts';

/** The designs of a check, reported one by one, and its mutants, reported in a table. */
interface Plan<T> {
  readonly designs: readonly T[];
  readonly mutants: readonly T[];
}

export interface PlanOptions extends SearchOptions, QuestionOptions {
  /** check the mutants of the named designs instead */
  readonly onlyMutants?: boolean;
  /** only one kind of property; by default both, where a design has both */
  readonly checks?: CheckKind | undefined;
  readonly params?: Readonly<Record<string, number>>;
  readonly memoryModel?: MemoryModel | undefined;
  /** number of threads; by default the number of cores */
  readonly workers?: number;
}

/**
 * Plans a check and compiles everything, so that a mistake in the input is reported before the first search. Without
 * names: all built-in designs, and all mutants.
 * @throws PrecopyError for options that cannot be combined, unknown names, files that cannot be loaded, and parameters
 *   out of range
 */
export async function planCheck(names: readonly string[], options: PlanOptions): Promise<Plan<VerificationJob>> {
  assertCombinable(options, options.checks);
  const checks = onlyKindOf(options);
  const { designs, mutants } = await targetsOf(names, { onlyMutants: options.onlyMutants === true });
  const relevant = mutants.filter(({ design }) => checks === undefined || killingCheck(design) === checks);
  const { properties: ids } = options;
  if (ids === undefined) {
    return { designs: await prepareAll(designs, () => options), mutants: await prepareAll(relevant, () => options) };
  }
  // Without names a design is asked for those of the properties that it has, and a mutant for the one that it violates.
  const asked = names.length > 0 || options.onlyMutants ? designs : designsWith(designs, ids);
  const breaking = relevant.filter(({ design }) => ids.includes(brokenBy(design)));
  if (options.onlyMutants && breaking.length === 0) throw noneBreaks(ids, relevant);
  const ownOf = (design: AnyDesign): readonly string[] => (names.length > 0 ? ids : propertiesIn(design, ids));
  return {
    designs: await prepareAll(asked, ({ design }) => ({ ...options, properties: ownOf(design) })),
    mutants: await prepareAll(breaking, ({ design }) => ({ ...options, properties: [brokenBy(design)] })),
  };
}

async function prepareAll(
  targets: readonly Target[],
  optionsOf: (target: Target) => JobOptions,
): Promise<VerificationJob[]> {
  return (await Promise.all(targets.map((target) => prepareJobs(target, optionsOf(target))))).flat();
}

/** Returns the property that a mutant violates. */
const brokenBy = ({ mutation }: AnyDesign): string => mutation?.breaks ?? wellFormed;

function noneBreaks([id = '']: readonly string[], mutants: readonly Target[]): PrecopyError {
  const broken = [...new Set(mutants.map(({ design }) => brokenBy(design)))];
  const cause = `there is no mutant that breaks '${id}'${didYouMean(id, broken)}`;
  return new PrecopyError('UNKNOWN_NAME', cause, `the mutants break ${broken.join(', ')}`);
}

/** Options of the jobs of one design. */
export type JobOptions = Pick<PlanOptions, 'checks' | 'params' | 'memoryModel'> & SearchOptions & QuestionOptions;

/**
 * Compiles a design for each kind of check that a run makes of it.
 * @throws PrecopyError as `withProperties`, `withGoal`, `checkKindsOf` and `prepareJob`
 */
export async function prepareJobs(target: Target, options: JobOptions): Promise<VerificationJob[]> {
  const question = questionIn(options);
  const withModel = withMemoryModel(target, options.memoryModel);
  if (question && isGoal(question)) return [await prepareGoal(withModel, question, options)];
  const design = question ? withProperties(withModel.design, question.properties) : withModel.design;
  const kinds = question
    ? kindsOfProperties(design, question.properties, onlyKindOf(options))
    : checkKindsOf(design, options);
  const checks = checksOf(design, kinds, options.params ?? {});
  const asked = { ...withModel, design, ...(question && { question }) };
  const jobs = await Promise.all(checks.map((check) => prepareJob(asked, check, options)));
  if (kinds.includes('liveness') || design.mutation) return jobs;
  const leftOut = (design.properties as readonly Property[]).filter((one) => checkKindOf(one) === 'liveness');
  return leftOut.length === 0 ? jobs : jobs.map((job) => ({ ...job, leftOut: leftOut.map(({ id }) => id) }));
}

/** Compiles a design for a search for a run to a goal: at the first size of a safety check. */
async function prepareGoal(target: Target, goal: Goal, options: JobOptions): Promise<VerificationJob> {
  if (options.checks === 'liveness') {
    const cause = 'a run to a state is finite, so --liveness does not find it';
    throw new PrecopyError('NOT_SOUND', cause, 'leave --liveness out');
  }
  if (options.all) {
    throw new PrecopyError('BAD_PARAMETER', '--all is not for a search for one run', 'leave it out');
  }
  if ('show' in goal && options.strategy === 'dpor') {
    const cause = 'dpor explores one order of independent steps, and another one may hit the cover';
    throw new PrecopyError('NOT_SOUND', cause, 'search exhaustively');
  }
  const [check] = checksOf(target.design, ['safety'], options.params ?? {}) as [CheckSpec];
  const params = resolveParams(target.design, check.params);
  const design = await withGoal(target.design, goal, params);
  return prepareJob({ ...target, design, question: goal }, check, options);
}

/**
 * Returns what to check of a design: safety, and liveness if it has such properties; of a mutant, the kind of property
 * that it violates.
 * @throws PrecopyError `UNKNOWN_NAME` if liveness is required and the design has no such property; `NOT_SOUND` if all
 * its properties are leads-to properties, which the strategy does not decide
 */
function checkKindsOf({ id, properties, mutation }: AnyDesign, options: JobOptions): CheckKind[] {
  const all = allCheckKindsOf({ properties });
  const only = onlyKindOf(options);
  if (only === 'liveness' && !all.includes('liveness')) {
    throw new PrecopyError('UNKNOWN_NAME', `${id} has no liveness property`, 'define one with `leadsTo`');
  }
  const hasSafety = (properties as readonly Property[]).some((property) => checkKindOf(property) === 'safety');
  if (isSafetyOnly(options) && all.includes('liveness') && !hasSafety) {
    const cause = `${id} has no other properties than leads-to properties, which this strategy does not decide`;
    throw new PrecopyError('NOT_SOUND', cause, 'search exhaustively, without --preemptions');
  }
  if (only !== undefined) return [only];
  if (mutation) return [killingCheck({ properties, mutation })];
  return all;
}

/** Returns the only kind of check of a run; undefined if it makes both where a design has both. */
const onlyKindOf = (options: JobOptions): CheckKind | undefined => (isSafetyOnly(options) ? 'safety' : options.checks);

/** Returns the kind of the property that a mutant violates. */
function killingCheck({ properties, mutation }: Pick<AnyDesign, 'properties' | 'mutation'>): CheckKind {
  const breaks = mutation?.breaks ?? wellFormed;
  const violated = (properties as readonly Property[]).find((property) => property.id === breaks);
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
