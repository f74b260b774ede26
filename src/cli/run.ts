import { memoise } from '../compile/memoise.ts';
import { compile, type Program } from '../compile/program.ts';
import { exhaustive } from '../explore/exhaustive.ts';
import { liveness } from '../explore/liveness/liveness.ts';
import { exhaustiveByPreemptions } from '../explore/preemptions.ts';
import { exhaustiveBySymmetry } from '../explore/reduced.ts';
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
import { type Engine, type SearchLimits, search, type Threads } from './search.ts';

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
 * @throws PrecopyError for sizes out of range, for what the compiler refuses, and for a person's own code that throws
 */
export async function prepare(
  target: Target,
  checks: CheckKind,
  asked: Readonly<Record<string, number>>,
): Promise<Run> {
  const { mutation } = target.design;
  const livenessSizes = target.design.livenessSizes as Readonly<Record<string, number>> | undefined;
  const sizes = checks === 'liveness' && !mutation ? { ...livenessSizes, ...asked } : asked;
  return blamingItsFile(target, async () => ({ ...target, checks, program: programOf(target.design, sizes) }));
}

/** What every thread of a search runs. */
export function programOf(design: AnyDesign, sizes: Readonly<Record<string, number>>): Program {
  return memoise(compile(design, sizes));
}

/** What a search may have beside a program. */
interface Help {
  readonly threads?: Threads | undefined;
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
  { threads, checkpoint }: Help = {},
): Promise<Outcome> {
  return blamingItsFile(target, async () => {
    const found = await search(
      engineOf(checks, program, limits, { threads, checkpoint }),
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

function engineOf(checks: CheckKind, program: Program, limits: SearchLimits, { threads, checkpoint }: Help): Engine {
  if (checks === 'liveness') return liveness(program, limits);
  if (limits.sampling) return sample(program, limits.sampling);
  if (limits.reductions?.includes('symmetry')) return exhaustiveBySymmetry(program, limits);
  if (limits.preemptions !== undefined) return exhaustiveByPreemptions(program, limits.preemptions, limits, threads);
  return exhaustive(program, limits, threads, checkpoint);
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
