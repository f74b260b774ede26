import type { Program } from '../../../compile/program.ts';
import type { Choice } from '../../../model/choices.ts';
import { PrecopyError } from '../../../model/errors.ts';
import { none } from '../decision-diagrams.ts';
import { type StepSource, stepTo } from '../predecessors.ts';
import type { StateSets } from '../state-sets.ts';
import type { LeadsToStates } from './symbolic-leads-to.ts';

/** The states at one distance from the initial state, where no request is waited for, and where one is. */
interface StemLevel {
  readonly idle: number;
  readonly pending: number;
}

/** The stem of a lasso. */
export interface Stem {
  readonly schedule: Choice[];
  /** the state that it leads to */
  readonly end: Int32Array;
}

/**
 * Returns a shortest schedule to a state of a set, by way of a request that is not answered on the way: breadth-first
 * search of pairs of a state and whether a request is pending. There has to be one. Yields from time to time.
 */
export function* shortestStem(
  sets: StateSets,
  found: LeadsToStates,
  goal: number,
  program: Program,
): Generator<void, Stem, undefined> {
  const { diagrams, symbolic, slices } = sets;
  const { length } = slices.held;
  const levels = yield* levelsUpTo(sets, found, goal);
  const end = yield* slices.run(() => symbolic.packedIn(diagrams, diagrams.and(lastOf(levels).pending, goal)));
  const steps: StepSource = { diagrams, symbolic, relations: found.steps.relations };
  const schedule: Choice[] = [];
  let target = end;
  let isPending = true;
  for (let depth = levels.length - 1; ; depth--) {
    const requests = diagrams.and(levels[depth].idle, found.request);
    if (isPending && diagrams.implies(symbolic.setOf(diagrams, target), requests)) isPending = false;
    if (depth === 0) break;
    const { idle, pending } = levels[depth - 1];
    const before = isPending ? pending : idle;
    const step = yield* slices.run(() => stepTo(target, before, program, steps) ?? notConnected());
    schedule.unshift(step.choice);
    target = step.source;
  }
  slices.held.length = length;
  return { schedule, end };
}

/** Returns the levels up to the first one that reaches the goal, and leaves them among what is held. */
function* levelsUpTo(
  { diagrams, symbolic, slices }: StateSets,
  found: LeadsToStates,
  goal: number,
): Generator<void, StemLevel[], undefined> {
  const { steps, request, unanswered } = found;
  const initial = symbolic.setOf(diagrams, symbolic.initial);
  let seen: StemLevel = { idle: initial, pending: diagrams.and(initial, request) };
  const levels = [seen];
  for (;;) {
    const last = lastOf(levels);
    slices.held.push(goal, last.idle, last.pending, seen.idle, seen.pending);
    if (yield* slices.run(() => diagrams.intersects(last.pending, goal))) return levels;
    const next = yield* slices.run((): StemLevel => {
      const idle = diagrams.difference(steps.successors(last.idle), seen.idle);
      const waiting = diagrams.and(steps.successors(last.pending), unanswered);
      const pending = diagrams.or(waiting, diagrams.and(idle, request));
      return { idle, pending: diagrams.difference(pending, seen.pending) };
    });
    if (next.idle === none && next.pending === none) notConnected();
    slices.held.push(next.idle, next.pending);
    levels.push(next);
    const before = seen;
    seen = yield* slices.run(() => ({
      idle: diagrams.or(before.idle, next.idle),
      pending: diagrams.or(before.pending, next.pending),
    }));
  }
}

const lastOf = (levels: readonly StemLevel[]): StemLevel => levels.at(-1) as StemLevel;

function notConnected(): never {
  throw new PrecopyError('INTERNAL', 'no run leads to a fair cycle that was found', 'please report this');
}
