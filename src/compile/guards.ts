import { type AnyStateMachine, and, not, or } from 'xstate';
import type { StepArgs } from './event-objects.ts';
import { type GuardFunction, guardOf } from './unsupported-features.ts';

export type Guard = (args: StepArgs) => boolean;

const checkAnd = (and([]) as unknown as GuardFunction).check;
const checkOr = (or([]) as unknown as GuardFunction).check;
const checkNot = (not('') as unknown as GuardFunction).check;

/** One function for a guard and all that it combines. */
export function compileGuard(reference: unknown, statechart: AnyStateMachine): Guard | undefined {
  if (reference === undefined) return undefined;
  const guard = guardOf(reference, statechart) as GuardFunction;
  if (!guard.check) return withParams(guard, paramsOf(reference));
  const inner = (guard.guards ?? []).map((one) => compileGuard(one, statechart) as Guard);
  switch (guard.check) {
    case checkAnd:
      return (args) => inner.every((one) => one(args));
    case checkOr:
      return (args) => inner.some((one) => one(args));
    case checkNot: {
      const [only] = inner as [Guard];
      return (args) => !only(args);
    }
    default:
      throw new Error('a guard combinator that refuse.ts let through');
  }
}

/** The `params` of a reference `{ type, params }`: a value, or a function of the arguments. */
export function paramsOf(reference: unknown): unknown {
  return typeof reference === 'object' && reference !== null ? (reference as { params?: unknown }).params : undefined;
}

/** The function with the parameters of its reference bound to it. */
export function withParams<R>(
  implementation: (args: StepArgs, params?: unknown) => R,
  params: unknown,
): (args: StepArgs) => R {
  if (params === undefined) return implementation;
  if (typeof params === 'function') return (args) => implementation(args, params(args));
  return (args) => implementation(args, params);
}
