import type { AnyStateMachine } from 'xstate';
import { PrecopyError } from '../model/errors.ts';
import { guardId, modelCode, refuseAnswer } from '../model/model-code.ts';
import { classifyGuard } from '../model/xstate-internals.ts';
import type { ActionArgs } from './event-objects.ts';
import { guardOf, nameOf, paramsOf, withParams } from './implementations.ts';

/** A compiled guard, or a combination of guards. */
export interface Guard {
  /** its id among the functions of designs; that of a combination is the id of what runs last */
  readonly id: number;
  /** Returns its answer. Whoever calls it checks that this is true or false. */
  readonly holds: (args: ActionArgs) => unknown;
}

/**
 * Compiles a guard and the guards that it combines into one function.
 * @internal
 */
export function compileGuard(reference: unknown, statechart: AnyStateMachine): Guard | undefined {
  if (reference === undefined) return undefined;
  const guard = classifyGuard(guardOf(reference, statechart) as (args: ActionArgs) => boolean);
  const id = guardId(statechart.id, nameOf(reference));
  switch (guard.kind) {
    case 'predicate':
      return { id, holds: withParams(guard.holds, paramsOf(reference)) };
    case 'unknown':
      throw new PrecopyError('INTERNAL', `an unknown guard combinator in '${statechart.id}'`, 'please report this');
    default: {
      const inner = guard.guards.map((one) => compileGuard(one, statechart) as Guard);
      if (guard.kind === 'and') return { id, holds: (args) => inner.every((one) => isHeld(one, args)) };
      if (guard.kind === 'or') return { id, holds: (args) => inner.some((one) => isHeld(one, args)) };
      const [only] = inner as [Guard];
      return { id, holds: (args) => !isHeld(only, args) };
    }
  }
}

/**
 * Evaluates a guard. It stays the running function: whoever takes the step sets that back.
 * @throws PrecopyError `BAD_DESIGN` if the answer is neither true nor false
 */
export function isHeld({ id, holds }: Guard, args: ActionArgs): boolean {
  modelCode.running = id;
  const answer = holds(args);
  return answer === true || (answer !== false && refuseAnswer(answer));
}
