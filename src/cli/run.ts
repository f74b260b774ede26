import { memoise } from '../compile/memoise.ts';
import { compile, type Program } from '../compile/program.ts';
import { allChoices, choicesToDraw } from '../explore/all-choices.ts';
import { bitstate } from '../explore/bitstate.ts';
import { dpor } from '../explore/dpor.ts';
import type { Outside } from '../explore/exhaustive.ts';
import { liveness } from '../explore/liveness/liveness.ts';
import type { Exploration } from '../explore/result.ts';
import { sample } from '../explore/sample.ts';
import type { AnyDesign, CheckKind } from '../model/design.ts';
import { PrecopyError } from '../model/errors.ts';
import type { Trace } from '../model/trace.ts';
import type { Target } from './catalogue.ts';
import type { Checkpoint } from './checkpoint.ts';
import { confirm } from './counterexample.ts';
import type { Interrupt } from './interrupt.ts';
import type { ProgressLine } from './progress.ts';
import { type Engine, type SearchLimits, search, stopReason, stopwatch, type Threads } from './search.ts';
import type { SwarmOptions } from './swarm.ts';
import { searchIn, wayOf } from './way.ts';

/** A design, ready to be checked. */
export interface Run extends Target {
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
): Promise<Run> {
  const { mutation } = target.design;
  const { safetySizes, livenessSizes } = target.design;
  const own = (checks === 'safety' ? safetySizes : livenessSizes) as Readonly<Record<string, number>> | undefined;
  const sizes = mutation ? asked : { ...own, ...asked };
  const program = await blamingItsFile(target, async () => programOf(target.design, sizes));
  if (sampling) choicesToDraw(program.events);
  else allChoices(program.events);
  return { ...target, checks, program };
}

/** What every thread of a search runs. */
export function programOf(design: AnyDesign, sizes: Readonly<Record<string, number>>): Program {
  return memoise(compile(design, sizes));
}

/** What a search may have beside a program. */
interface Help extends Pick<Outside, 'store'> {
  readonly threads?: Threads | undefined;
  /** how many threads a swarm may take */
  readonly workers: number;
  readonly checkpoint?: Checkpoint | undefined;
}

/**
 * Searches a design, and confirms on live actors what breaks.
 * @throws PrecopyError `INTERNAL` when they do not confirm it
 */
export async function carryOut(
  { program, checks, ...target }: Run,
  limits: SearchLimits,
  interrupt: Interrupt,
  progress: ProgressLine,
  help: Help,
): Promise<Outcome> {
  const { threads, checkpoint } = help;
  return blamingItsFile(target, async () => {
    const found = limits.swarm
      ? await swarm(target, program, limits, interrupt, progress, help)
      : await search(
          engineOf(checks, program, limits, help),
          limits.maxSeconds,
          () => interrupt.requested,
          (now) => progress.update(now),
          () => threads?.failure,
        );
    if (found.exploration.verdict !== 'inconclusive') checkpoint?.remove();
    const { violation } = found.exploration;
    const trace = violation && (await confirm(target.design, program.params, violation));
    return { ...target, checks, params: program.params, ...found, ...(trace && { trace }) };
  });
}

async function swarm(
  { design: { id, memoryModel }, file }: Target,
  { params }: Program,
  { swarm, maxSeconds = Number.POSITIVE_INFINITY }: SearchLimits,
  interrupt: Interrupt,
  progress: ProgressLine,
  { workers }: Help,
): Promise<{ readonly exploration: Exploration; readonly seconds: number }> {
  const { searchBySwarm } = await import('./swarm.ts');
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
  { threads, checkpoint, store }: Help,
): Engine {
  if (checks === 'liveness') return liveness(program, limits);
  if (limits.bitstate) return bitstate(program, limits.bitstate);
  if (limits.dpor) return dpor(program, limits.dpor);
  if (limits.sampling) return sample(program, limits.sampling);
  const outside: Outside = { helpers: threads, keeper: checkpoint, store };
  const partialOrder = limits.reductions?.includes('partial-order') === true;
  return searchIn(wayOf(limits), program, { ...limits, partialOrder }, outside);
}

async function blamingItsFile<T>({ file }: Target, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (file === undefined || error instanceof PrecopyError) throw error;
    const { blame, isFrom } = await import('./load-designs.ts');
    throw isFrom(file, error) ? blame(file, error, 'while it is checked') : error;
  }
}
