import type { AnyStateMachine } from 'xstate';
import { namedAction, namedGuard } from '../model/xstate-internals.ts';
import type { ActionArgs } from './event-objects.ts';

/** Returns the name of an action or guard reference: a name, a function or `{ type, params }`. */
export function nameOf(reference: unknown): string {
  if (typeof reference === 'string') return reference;
  if (typeof reference === 'function') return reference.name || 'inline';
  return String((reference as { readonly type?: string }).type ?? 'inline');
}

/** Returns the function that an action reference resolves to; undefined if it has no implementation. */
export function actionOf(action: unknown, statechart: AnyStateMachine): unknown {
  if (typeof action === 'function') return action;
  return namedAction(statechart, typeof action === 'string' ? action : (action as { type: string }).type);
}

/** Bounds chains of guards that are names of guards, which may be circular. */
const maxHops = 100;

/** Returns the function that a guard reference resolves to; undefined if it has no implementation. */
export function guardOf(guard: unknown, statechart: AnyStateMachine): ((args: ActionArgs) => boolean) | undefined {
  let found = guard;
  for (let hops = 0; found !== undefined && typeof found !== 'function' && hops < maxHops; hops++) {
    found = namedGuard(statechart, typeof found === 'string' ? found : (found as { type: string }).type);
  }
  return found as ((args: ActionArgs) => boolean) | undefined;
}

/** Returns the `params` of a reference `{ type, params }`: a value, or a function of the arguments. */
export function paramsOf(reference: unknown): unknown {
  return typeof reference === 'object' && reference !== null ? (reference as { params?: unknown }).params : undefined;
}

/** Binds the params of a reference to its implementation. */
export function withParams<R>(
  implementation: (args: ActionArgs, params?: unknown) => R,
  params: unknown,
): (args: ActionArgs) => R {
  if (params === undefined) return implementation;
  if (typeof params === 'function') return (args) => implementation(args, params(args));
  return (args) => implementation(args, params);
}
