import { memoise } from '../../cache/cached-program.ts';
import type { ProgressLine } from '../../cli/report/progress.ts';
import type { Interrupt } from '../../cli/sigint.ts';
import { compile, type Program } from '../../compile/program.ts';
import type { AnyDesign, CheckKind } from '../../model/design.ts';
import { PrecopyError } from '../../model/errors.ts';
import type { Trace } from '../../model/trace.ts';
import type { SearchServices } from '../../search/bfs/breadth-first-search.ts';
import { bitstate } from '../../search/dfs/bitstate.ts';
import { dpor } from '../../search/dpor/dpor.ts';
import type { Exploration } from '../../search/exploration.ts';
import { liveness } from '../../search/liveness/liveness.ts';
import { sampleSchedules } from '../../search/random/schedule-sampling.ts';
import { choicesForSampling, choicesForSearch } from '../../search/successors/choice-limits.ts';
import type { Target } from '../designs/design-registry.ts';
import type { SwarmOptions } from '../workers/swarm-worker-pool.ts';
import type { Checkpoint } from './checkpoint.ts';
import { confirmCounterexample } from './confirm-counterexample.ts';
import {
  driveEngine,
  type Engine,
  type SearchLimits,
  stopReason,
  stopwatch,
  type WorkerPoolHandle,
} from './engine-driver.ts';
import { startSearch, wayOf } from './search-mode.ts';

/** A design, ready to be checked. */
export interface VerificationJob extends Target {
  readonly checks: CheckKind;
  readonly program: Program;
}

/** What a search of a design came to. The trace is what live actors did with the counterexample. */
export interface Outcome extends Target {
  readonly checks: CheckKind;
  readonly params: Readonly<Record<string, number>>;
  readonly exploration: Exploration;
  readonly seconds: number;
  readonly trace?: Trace;
}

/**
 * Compiles a design, for one kind of check.
 * @throws PrecopyError for sizes out of range, for more choices than a search can take, for what the compiler refuses, and for a person's own code that
 *   throws
 */
export async function prepare(
  target: Target,
  checks: CheckKind,
  asked: Readonly<Record<string, number>>,
  { sampling }: Pick<SearchLimits, 'sampling'> = {},
): Promise<VerificationJob> {
  const { mutation } = target.design;
  const { safetyParams, livenessParams } = target.design;
  const own = (checks === 'safety' ? safetyParams : livenessParams) as Readonly<Record<string, number>> | undefined;
  const params = mutation ? asked : { ...own, ...asked };
  const program = await attributingErrors(target, async () => programOf(target.design, params));
  if (sampling) choicesForSampling(program.events);
  else choicesForSearch(program.events);
  return { ...target, checks, program };
}

/** What every thread of a search runs. */
export function programOf(design: AnyDesign, params: Readonly<Record<string, number>>): Program {
  return memoise(compile(design, params));
}

/** What a search may have beside a program. */
interface JobServices extends Pick<SearchServices, 'store'> {
  readonly threads?: WorkerPoolHandle | undefined;
  /** how many threads a swarm may take */
  readonly workers: number;
  readonly checkpoint?: Checkpoint | undefined;
}

/**
 * Searches a design, and confirms on live actors what breaks.
 * @throws PrecopyError `INTERNAL` when they do not confirm it
 */
export async function execute(
  { program, checks, ...target }: VerificationJob,
  limits: SearchLimits,
  interrupt: Interrupt,
  progress: ProgressLine,
  help: JobServices,
): Promise<Outcome> {
  const { threads, checkpoint } = help;
  return attributingErrors(target, async () => {
    const found = limits.swarm
      ? await swarm(target, program, limits, interrupt, progress, help)
      : await driveEngine(
          engineOf(checks, program, limits, help),
          limits.maxSeconds,
          () => interrupt.requested,
          (now) => progress.update(now),
          () => threads?.failure,
        );
    if (found.exploration.verdict !== 'inconclusive') checkpoint?.remove();
    const { violation } = found.exploration;
    const trace = violation && (await confirmCounterexample(target.design, program.params, violation));
    return { ...target, checks, params: program.params, ...found, ...(trace && { trace }) };
  });
}

async function swarm(
  { design: { id, memoryModel }, file }: Target,
  { params }: Program,
  { swarm, maxSeconds = Number.POSITIVE_INFINITY }: SearchLimits,
  interrupt: Interrupt,
  progress: ProgressLine,
  { workers }: JobServices,
): Promise<{ readonly exploration: Exploration; readonly seconds: number }> {
  const { searchBySwarm } = await import('../workers/swarm-worker-pool.ts');
  const elapsed = stopwatch();
  const exploration = await searchBySwarm(
    { design: id, file, memoryModel, params },
    swarm as SwarmOptions,
    workers,
    () => stopReason(interrupt.requested, elapsed() >= maxSeconds),
    (now) => progress.update(now),
  );
  return { exploration, seconds: elapsed() };
}

function engineOf(
  checks: CheckKind,
  program: Program,
  limits: SearchLimits,
  { threads, checkpoint, store }: JobServices,
): Engine {
  if (checks === 'liveness') return liveness(program, limits);
  if (limits.bitstate) return bitstate(program, limits.bitstate);
  if (limits.dpor) return dpor(program, limits.dpor);
  if (limits.sampling) return sampleSchedules(program, limits.sampling);
  const outside: SearchServices = { helpers: threads, keeper: checkpoint, store };
  const partialOrder = limits.reductions?.includes('partial-order') === true;
  return startSearch(wayOf(limits), program, { ...limits, partialOrder }, outside);
}

async function attributingErrors<T>({ file }: Target, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (file === undefined || error instanceof PrecopyError) throw error;
    const { toUserError, originatesIn } = await import('../designs/load-designs.ts');
    throw originatesIn(file, error) ? toUserError(file, error, 'while it is checked') : error;
  }
}
