import { constantProperties } from '../../cache/constant-properties.ts';
import type { Program } from '../../compile/program.ts';
import type { AnyDesign, CheckKind, CheckSpec } from '../../model/design.ts';
import { PrecopyError } from '../../model/errors.ts';
import type { Property } from '../../model/property.ts';
import type { Trace } from '../../model/trace.ts';
import type { AllViolations } from '../../search/bfs/all-violations.ts';
import type { SearchServices } from '../../search/bfs/breadth-first-search.ts';
import type { Exploration } from '../../search/exploration.ts';
import type { HyperLogLog } from '../../search/storage/hyperloglog.ts';
import { choicesForSampling, choicesForSearch } from '../../search/successors/choice-limits.ts';
import type { Target } from '../designs/design-registry.ts';
import { refTo } from '../workers/design-ref.ts';
import { programOf } from '../workers/worker-program.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { DriveOptions, WorkerPoolHandle } from './engine-driver.ts';
import { engines, type SearchOptions, withDefaults } from './engines.ts';
import { answerOf, isGoal } from './goal.ts';
import { assertApplicable, type Question, withCoversDecided } from './question.ts';

/** A compiled design, and the kind of property to check. */
export interface VerificationJob extends Target {
  readonly checks: CheckKind;
  readonly program: Program;
  /** what is asked of the design, whose properties are narrowed accordingly; all of it by default */
  readonly question?: Question;
  /** ids of the leads-to properties that the run leaves out, if it checks safety only */
  readonly leftOut?: readonly string[];
  /** true for the second of two safety checks */
  readonly isSecond?: boolean;
}

/**
 * The result of checking one kind of property.
 * @example
 * const [safety] = await checkDesign(rmapXchg, { checks: 'safety' });
 * safety?.exploration.verdict; // 'holds'
 */
export interface CheckResult extends Target {
  readonly checks: CheckKind;
  /** what was asked of the design; all of it by default */
  readonly question?: Question;
  readonly params: Readonly<Record<string, number>>;
  readonly exploration: Exploration;
  readonly seconds: number;
  /** processor time of the search, with its worker threads; absent for a swarm */
  readonly cpuSeconds?: number;
  /** of a violation: the counterexample, as live actors executed it */
  readonly trace?: Trace;
  /** of a search that goes on after the first violation: the counterexample of each, in the order of its violations */
  readonly traces?: readonly Trace[];
  /** of a goal that was reached: the run to it, as live actors executed it */
  readonly run?: Trace;
  /** of a proof: ids of the properties that read nothing of the state, and so hold in any */
  readonly sayNothing?: readonly string[];
  /** ids of the leads-to properties that the run leaves out, if it checks safety only */
  readonly leftOut?: readonly string[];
  /** true for the second of two safety checks */
  readonly isSecond?: boolean;
}

/**
 * Compiles a design for a check.
 * @throws PrecopyError for parameters out of range, for more choices than the strategy can handle, for statecharts that
 *   the compiler does not support, and for an exception in the file of the design
 */
export async function prepareJob(
  target: Target & Pick<VerificationJob, 'question'>,
  { params, ...check }: CheckSpec,
  { strategy = 'exhaustive' }: Pick<SearchOptions, 'strategy'> = {},
): Promise<VerificationJob> {
  const { design } = target;
  const program = await attributingErrors(target, async () => programOf(design, params));
  if (engines[strategy].samples) choicesForSampling(program.events);
  else choicesForSearch(program.events);
  if (target.question && !check.isSecond) assertApplicable(program, design);
  return { ...target, ...check, program };
}

/** What a job gets from its surroundings. */
export interface JobServices extends Pick<DriveOptions, 'stop' | 'onProgress'>, Pick<SearchServices, 'store'> {
  /** number of threads, this one included */
  readonly workers: number;
  readonly pool?: WorkerPoolHandle | undefined;
  readonly checkpoint?: Checkpoint | undefined;
  /** records the states of a search that takes a seed */
  readonly sketch?: HyperLogLog | undefined;
}

/**
 * Runs a job, and confirms its counterexample on live actors.
 * @throws PrecopyError `INTERNAL` when live actors contradict the search; the exception of a worker thread
 */
export async function executeJob(
  { program, checks, ...target }: VerificationJob,
  options: SearchOptions,
  { workers, pool, checkpoint, store, ...drive }: JobServices,
): Promise<CheckResult> {
  const { design } = target;
  return attributingErrors(target, async () => {
    const run = engines[options.strategy ?? 'exhaustive'].run[checks];
    if (!run) throw new PrecopyError('NOT_SOUND', `${options.strategy} does not decide liveness`, 'check safety only');
    const { exploration, seconds, cpuSeconds } = await run({
      ...drive,
      failure: () => pool?.failure,
      program,
      ref: { ...refTo(target), memoryModel: design.memoryModel, question: target.question, params: program.params },
      options: withDefaults(options),
      workers,
      services: { workers: pool, checkpoints: checkpoint, store },
    });
    if (exploration.verdict !== 'inconclusive') checkpoint?.remove();
    const { violation } = exploration;
    const params = violation?.params ?? program.params;
    const traces = exploration.all && (await confirmEach(design, params, exploration.all));
    const trace = traces ? traces[0] : violation && (await confirm(design, params, violation, checks));
    const { question, isSecond } = target;
    const time = { seconds, ...(cpuSeconds !== undefined && { cpuSeconds }) };
    const result = { ...target, checks, params, ...time };
    if (question && isGoal(question)) {
      return { ...result, ...answerOf(design, exploration, trace) };
    }
    const sayNothing = checks === 'safety' && exploration.verdict === 'holds' ? constantProperties(program) : [];
    return {
      ...result,
      // A second size need not hit the covers that the first one hits.
      exploration: question && !isSecond ? withCoversDecided(exploration) : exploration,
      ...(trace && { trace }),
      ...(traces && { traces }),
      ...(sayNothing.length > 0 && { sayNothing }),
    };
  });
}

/** Confirms a violation. The live actors are loaded when there is one. */
async function confirm(
  design: AnyDesign,
  params: Readonly<Record<string, number>>,
  violation: NonNullable<Exploration['violation']>,
  checks: CheckKind,
): Promise<Trace> {
  const { confirmCounterexample } = await import('../../live/confirm-counterexample.ts');
  return confirmCounterexample(design, params, violation, checks);
}

/** Confirms the counterexample of each violated property. A run to one may violate others before. */
async function confirmEach(
  design: AnyDesign,
  params: Readonly<Record<string, number>>,
  { violations }: AllViolations,
): Promise<Trace[]> {
  const traces: Trace[] = [];
  for (const violation of violations) {
    const properties = (design.properties as readonly Property[]).filter(({ id }) => id === violation.property);
    traces.push(await confirm({ ...design, properties }, params, violation, 'safety'));
  }
  return traces;
}

/** Reports an exception of the file of a design as a defect of that file. */
async function attributingErrors<T>({ file }: Target, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (file === undefined || error instanceof PrecopyError) throw error;
    const { toUserError, originatesInDesign } = await import('../designs/load-designs.ts');
    throw originatesInDesign(error) ? toUserError(file, error, 'while it is checked') : error;
  }
}

/** Returns a design with another memory model. */
export const withMemoryModel = (target: Target, memoryModel: AnyDesign['memoryModel'] | undefined): Target =>
  memoryModel ? { ...target, design: { ...target.design, memoryModel } } : target;
