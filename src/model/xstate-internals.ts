import { type AnyStateMachine, type AnyTransitionDefinition, and, type InspectionEvent, not, or } from 'xstate';

// What precopy takes from inside of xstate 5.33.3, which another version may change without notice.
// test/model/xstate-internals.test.ts fails if it does.

/** Where a remedy sends people who come from an application of xstate. */
export const xstateGuide = 'docs/from-xstate.md says how to carry it over';

/** Returns whether a value is a machine that xstate made by itself. */
export const isXstateMachine = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'root' in value && 'implementations' in value;

/** The type of the event with which a machine starts. */
export const initEvent = 'xstate.init';

/** Returns whether a type of event is one of xstate's own: `onDone`, `after`, the result of `invoke`. */
export const isInternalEvent = (type: string): boolean => type.startsWith('xstate.');

/** Returns whether a type of event is that of `onDone` of a state. */
export const isDoneEvent = (type: string): boolean => type.startsWith('xstate.done.state.');

// biome-ignore lint/suspicious/noExplicitAny: a guard gets what its machine declares
type GuardFunction = ((args: any, params?: unknown) => boolean) & {
  readonly check?: unknown;
  readonly guards?: readonly unknown[];
};

const checks = new Map([
  [(and([]) as unknown as GuardFunction).check, 'and'],
  [(or([]) as unknown as GuardFunction).check, 'or'],
  [(not('') as unknown as GuardFunction).check, 'not'],
] as const);

/**
 * A guard of a machine: a predicate, a combination of guards, or a combinator that precopy does not know, such as
 * `stateIn`.
 */
export type ResolvedGuard =
  | { readonly kind: 'predicate'; readonly holds: GuardFunction }
  | { readonly kind: 'and' | 'or' | 'not'; readonly guards: readonly unknown[] }
  | { readonly kind: 'unknown' };

/** Classifies a guard function: the combinators of xstate are functions with the properties `check` and `guards`. */
export function classifyGuard(guard: GuardFunction): ResolvedGuard {
  if (guard.check === undefined) return { kind: 'predicate', holds: guard };
  const kind = checks.get(guard.check);
  return kind === undefined || guard.guards === undefined ? { kind: 'unknown' } : { kind, guards: guard.guards };
}

/** Combines guards, as a machine's configuration does. */
export function combineGuards(kind: 'and' | 'or' | 'not', guards: readonly unknown[]): unknown {
  if (kind === 'not') return not(guards[0] as never);
  return kind === 'and' ? and(guards as never) : or(guards as never);
}

/** Returns whether an action is built in (`assign`, `raise` ...): a function with the property `resolve`. */
export const isBuiltInAction = (action: unknown): boolean => typeof action === 'function' && 'resolve' in action;

/** Returns the implementation of a named action of a machine. */
export const namedAction = (statechart: AnyStateMachine, name: string): unknown =>
  statechart.implementations.actions[name];

/** Returns the implementation of a named guard of a machine. It may be a name again. */
export const namedGuard = (statechart: AnyStateMachine, name: string): unknown =>
  statechart.implementations.guards[name];

/** Returns the `meta.coarse` of a transition: the reason why it may access shared memory more than once. */
export function coarseReasonOf(definition: AnyTransitionDefinition): string | undefined {
  const reason = (definition as { readonly meta?: { readonly coarse?: unknown } }).meta?.coarse;
  return typeof reason === 'string' && reason.trim() !== '' ? reason : undefined;
}

/** Returns the name of the action that a live actor runs, if an inspection event reports one. */
export const inspectedAction = (event: InspectionEvent): string | undefined =>
  event.type === '@xstate.action' ? event.action.type : undefined;

/** Returns the transitions that a live actor takes together, if an inspection event reports them. */
export const inspectedTransitions = (event: InspectionEvent): readonly AnyTransitionDefinition[] =>
  event.type === '@xstate.microstep' ? event._transitions : [];

/** Returns the option that bounds eventless transitions. xstate also counts the last look for one, which finds none. */
export const eventlessBound = (transitions: number) => ({ maxIterations: transitions + 1 });
