import { createHash } from 'node:crypto';
import { type AnyDesign, isBelowOwnParams } from '../../model/design.ts';
import { PrecopyError } from '../../model/errors.ts';
import { modelHash } from '../../model/model-hash.ts';
import { wellFormed } from '../../model/property.ts';
import type { ReductionName } from '../../search/reductions.ts';
import { prepareJobs } from '../check/check-plan.ts';
import { engines, enginesWith, type SearchOptions } from '../check/engines.ts';
import { assertCombinable } from '../check/option-combinations.ts';
import { designsWith, propertiesIn, withProperties } from '../check/question.ts';
import { prepareJob, type VerificationJob, withMemoryModel } from '../check/verification-job.ts';
import { mutantsAmong, resolveTargets, type Target } from '../designs/design-registry.ts';
import { loadedFilesWith } from '../designs/load-designs.ts';
import type { CheckGroup } from './campaign-schema.ts';
import { ownVersion } from './code-version.ts';
import { combinationsOf } from './combinations.ts';
import { checkLabel } from './label.ts';
import { fromPlanPath } from './plan-paths.ts';
import type { CheckTask } from './plan-schema.ts';

const reductionChoices: Readonly<Record<string, readonly ReductionName[]>> = {
  none: [],
  symmetry: ['symmetry'],
  'partial-order': ['partial-order'],
  both: ['symmetry', 'partial-order'],
};

/** A task that is not estimated yet, and its job. */
export interface PreparedCheck {
  readonly task: Omit<CheckTask, 'estimate' | 'file'>;
  readonly job: VerificationJob;
}

/** One search of one design, at one size. */
export interface SearchSpec {
  readonly target: Target;
  readonly options: SearchOptions & Parameters<typeof prepareJobs>[1];
}

/**
 * Returns the searches of a group before anything is compiled: designs and mutants, parameters, memory models and
 * strategies in all combinations.
 * @throws PrecopyError for unknown names, and options that cannot be combined
 */
export async function searchesOf(
  group: CheckGroup,
  targets: readonly Target[],
  areNamed: boolean,
): Promise<SearchSpec[]> {
  const { checks, params = {}, memoryModel = [undefined], strategy: strategies = ['exhaustive'], properties } = group;
  const chosen = await withMutants(targets, group.mutants ?? 'none');
  const asked = properties && !areNamed ? designsWith(chosen, properties) : chosen;
  const specs: SearchSpec[] = [];
  for (const strategy of strategies) {
    const search = searchOptionsOf(group, strategy);
    assertCombinable(search, checks);
    for (const target of asked) {
      const ids = properties && propertiesFor(target.design, properties, areNamed);
      if (ids?.length === 0) continue;
      for (const point of combinationsOf(params)) {
        for (const model of memoryModel) {
          const question = { ...(checks && { checks }), ...(ids && { properties: ids }) };
          const options = { ...search, params: point, memoryModel: model, ...question };
          specs.push({ target, options });
        }
      }
    }
  }
  return specs;
}

/** Returns the properties that are asked of a design; of a mutant, the one that it breaks. */
function propertiesFor(design: AnyDesign, ids: readonly string[], areNamed: boolean): readonly string[] {
  if (design.mutation) return ids.filter((id) => id === (design.mutation?.breaks ?? wellFormed));
  return areNamed ? ids : propertiesIn(design, ids);
}

/** Mutants of a file count as named only if they are: a whole file stands for its designs. */
async function withMutants(targets: readonly Target[], mutants: 'none' | 'also' | 'only'): Promise<readonly Target[]> {
  const own = targets.filter(({ design, isOfWholeFile }) => !(design.mutation && isOfWholeFile));
  if (mutants === 'none') return own;
  const all = await mutantsAmong(targets);
  return mutants === 'only' ? all : [...own.filter(({ design }) => !design.mutation), ...all];
}

function searchOptionsOf(group: CheckGroup, strategy: NonNullable<SearchOptions['strategy']>): SearchOptions {
  if (strategy === 'swarm') {
    const cause = 'swarm is bitstate with several seeds, and a campaign has a shard for each seed';
    throw new PrecopyError('BAD_PARAMETER', cause, 'write `strategy: bitstate` and `seeds: 8`');
  }
  const { reductions = 'none', preemptions, runs, depth, bugDepth, maxStates, maxMemory, time, seeds } = group;
  if (seeds !== undefined && !enginesWith('seed').includes(strategy)) {
    throw new PrecopyError('BAD_PARAMETER', `${strategy} takes no seeds`, 'leave `seeds` out');
  }
  const chosen = reductionChoices[reductions] ?? [];
  return {
    strategy,
    ...engines[strategy].defaults,
    ...(chosen.length > 0 && { reductions: chosen }),
    ...(preemptions !== undefined && { preemptions }),
    ...(runs !== undefined && { runs }),
    ...(depth !== undefined && { depth }),
    ...(bugDepth !== undefined && { bugDepth }),
    ...(maxStates !== undefined && { maxStates }),
    ...(maxMemory !== undefined && { maxMemoryBytes: maxMemory }),
    ...(time !== undefined && { maxSeconds: time }),
  };
}

/** The seeds of the shards of a task, or the numbers of its runs. */
export interface Members {
  readonly first: number;
  readonly count: number;
}

/** Returns the seeds of the shards of a search; undefined for a search without chance, which is one shard. */
export function seedsOf({ seeds = 1 }: CheckGroup, { strategy = 'exhaustive' }: SearchOptions): Members | undefined {
  if (!enginesWith('seed').includes(strategy)) return undefined;
  return typeof seeds === 'number' ? { first: 1, count: seeds } : seeds;
}

/**
 * Compiles a search: one task for each kind of property and size.
 * @throws PrecopyError as `prepareJobs`
 */
export async function prepareChecks({ target, options }: SearchSpec): Promise<PreparedCheck[]> {
  const { params: _, memoryModel: __, checks: ___, properties: ____, ...search } = options;
  const jobs = await prepareJobs(target, options);
  return jobs.map((job) => ({ job, task: taskOf(job, search as CheckTask['search']) }));
}

function taskOf(job: VerificationJob, search: CheckTask['search']): PreparedCheck['task'] {
  const { design, checks, isSecond, question, program } = job;
  const task = {
    kind: 'check',
    design: design.id,
    ...(design.mutation && {
      mutantOf: design.mutantOf ?? '',
      atOwnParams: !isBelowOwnParams(design, program.params),
    }),
    checks,
    ...(isSecond && { isSecond: true as const }),
    params: program.params,
    memoryModel: design.memoryModel ?? 'sc',
    ...(question && 'properties' in question && { properties: question.properties }),
    search,
  } as const;
  return { ...task, label: checkLabel(design, task), hash: hashOf(task, job) };
}

/** Hashes everything that a search depends on: the code of precopy, the model and its files, and the options. */
function hashOf(
  task: Omit<CheckTask, 'hash' | 'label' | 'estimate' | 'file'>,
  { program, file }: VerificationJob,
): string {
  const inputs = [ownVersion().code, file && loadedFilesWith(file)?.hash, modelHash(program.instance), task];
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex');
}

/**
 * Compiles the job of a task of a plan.
 * @param folder of the plan
 * @throws PrecopyError `BAD_FILE` if the design is not the one that was planned
 */
export async function jobOf(task: CheckTask, folder: string): Promise<VerificationJob> {
  const { design: id, file, params, checks, isSecond, properties, memoryModel, search } = task;
  const path = file === undefined ? undefined : fromPlanPath(file, folder);
  const [found] = await resolveTargets([path === undefined ? id : `${path}:${id}`]);
  const target = withMemoryModel(found as Target, memoryModel);
  const design = properties ? withProperties(target.design, properties) : target.design;
  const asked = { ...target, design, ...(properties && { question: { properties } }) };
  const job = await prepareJob(asked, { params, checks, ...(isSecond && { isSecond }) }, search);
  if (taskOf(job, search).hash !== task.hash) {
    const what = path ?? id;
    throw new PrecopyError(
      'BAD_FILE',
      `${what} here is not the ${id} that was planned`,
      'use the same files, or plan anew',
    );
  }
  return job;
}
