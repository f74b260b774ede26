import type { AnyStateMachine } from 'xstate';
import { PrecopyError } from '../model/errors.ts';
import { classifyGuard } from '../model/xstate-internals.ts';
import type { ActionArgs } from './event-objects.ts';
import { guardOf, paramsOf, withParams } from './implementations.ts';

export type Guard = (args: ActionArgs) => boolean;

/** Compiles a guard and the guards that it combines into one function. */
export function compileGuard(reference: unknown, statechart: AnyStateMachine): Guard | undefined {
  if (reference === undefined) return undefined;
  const guard = classifyGuard(guardOf(reference, statechart) as Guard);
  switch (guard.kind) {
    case 'predicate':
      return withParams(guard.holds, paramsOf(reference));
    case 'unknown':
      throw new PrecopyError('INTERNAL', `an unknown guard combinator in '${statechart.id}'`, 'please report this');
    default: {
      const inner = guard.guards.map((one) => compileGuard(one, statechart) as Guard);
      if (guard.kind === 'and') return (args) => inner.every((one) => one(args));
      if (guard.kind === 'or') return (args) => inner.some((one) => one(args));
      const [only] = inner as [Guard];
      return (args) => !only(args);
    }
  }
}
