import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { PrecopyError } from '../model/errors.ts';
import { pathOf } from '../model/statechart.ts';

/**
 * Refuses what the compiler does not translate, so that no statechart is ever checked as something that it is not.
 * @throws PrecopyError `UNSUPPORTED_FEATURE`, naming the machine, the state and the feature
 */
export function assertSupported(statechart: AnyStateMachine): void {
  const walk = (node: AnyStateNode): void => {
    const refuse = (feature: string): never => {
      throw new PrecopyError(
        'UNSUPPORTED_FEATURE',
        `machine '${statechart.id}', state '${pathOf(node)}': ${feature} is not supported`,
        'use atomic, compound and final states, on, always, guards with and/or/not, entry, exit and custom actions',
      );
    };
    refuseNode(node, statechart, refuse);
    for (const child of Object.values(node.states) as AnyStateNode[]) walk(child);
  };
  walk(statechart.root);
}

type Refuse = (feature: string) => never;

/** xstate runs the entry actions of the start after it has chosen all eventless transitions of the start. */
function startsIn(node: AnyStateNode, statechart: AnyStateMachine): boolean {
  let start: AnyStateNode = statechart.root;
  while (start !== node && start.type === 'compound') start = start.initial.target[0] as AnyStateNode;
  return start === node;
}

/** Where a final state inside of a state is entered, xstate raises an event, and tries eventless transitions with that. */
function holdsFinal(node: AnyStateNode): boolean {
  return (Object.values(node.states) as AnyStateNode[]).some((child) => child.type === 'final' || holdsFinal(child));
}

function refuseNode(node: AnyStateNode, statechart: AnyStateMachine, refuse: Refuse): void {
  if (node.type === 'parallel') refuse('a parallel state');
  if (node.type === 'history') refuse('a history state');
  if (node.invoke.length > 0) refuse('invoke');
  if (node.after.length > 0) refuse('after (a delayed transition)');
  if (node.type === 'final' && node.exit.length > 0) refuse('an exit action of a final state');
  if (node.parent === undefined && node.exit.length > 0) refuse('an exit action of the root');
  if (node.type === 'compound' && node.initial.actions.length > 0) refuse('an action of the initial transition');
  for (const action of [...node.entry, ...node.exit]) refuseAction(action, statechart, refuse);
  for (const [event, transitions] of node.transitions) {
    if (event.includes('*')) refuse(`the wildcard '${event}'`);
    if (event.startsWith('xstate.')) refuse(event.startsWith('xstate.done.state.') ? 'onDone' : `the event '${event}'`);
    for (const transition of transitions) refuseTransition(transition, node, statechart, refuse);
  }
  for (const transition of node.always ?? []) {
    if (!transition.target) refuse('always without a target');
    const target: AnyStateNode | undefined = transition.target?.[0];
    if (target === node) refuse('always onto the state itself');
    if (target && isRelated(target, node)) refuse('always onto a state around or inside');
    refuseTransition(transition, node, statechart, refuse);
  }
  if ((node.always?.length ?? 0) > 0) {
    if (startsIn(node, statechart)) refuse('always in a state where the machine starts');
    if (holdsFinal(node)) refuse('always around a final state');
  }
}

function refuseTransition(
  transition: AnyTransitionDefinition,
  node: AnyStateNode,
  statechart: AnyStateMachine,
  refuse: Refuse,
): void {
  if ((transition.target?.length ?? 0) > 1) refuse('a transition with several targets');
  if (transition.target?.[0] && !transition.target[0].parent) refuse('a transition onto the root');
  if (transition.reenter && node.parent === undefined) refuse('reenter at the root');
  const target = (node.config.on as Record<string, unknown> | undefined)?.[transition.eventType];
  if (target === undefined && transition.eventType !== '')
    refuse(`a forbidden transition (${transition.eventType}: undefined)`);
  if (!transition.target && transition.actions.length === 0)
    refuse(`a transition that does nothing (${transition.eventType})`);
  for (const action of transition.actions) refuseAction(action, statechart, refuse);
  refuseGuard(transition.guard, statechart, refuse);
}

function isRelated(one: AnyStateNode, other: AnyStateNode): boolean {
  return isAround(one, other) || isAround(other, one);
}

function isAround(outer: AnyStateNode, inner: AnyStateNode): boolean {
  return outer === inner || (inner.parent !== undefined && isAround(outer, inner.parent));
}

/** The function that an action stands for, or undefined. */
export function actionOf(action: unknown, statechart: AnyStateMachine): unknown {
  if (typeof action === 'function') return action;
  const name = typeof action === 'string' ? action : (action as { type: string }).type;
  return statechart.implementations.actions[name];
}

function refuseAction(action: unknown, statechart: AnyStateMachine, refuse: Refuse): void {
  const found = actionOf(action, statechart);
  if (typeof found !== 'function') refuse(`the action '${nameOf(action)}', which has no implementation,`);
  if (found && 'resolve' in (found as object))
    refuse(`${String((found as { type?: string }).type ?? 'a built-in action')}`);
}

/** The guard that a reference stands for: a function, with `check` and `guards` where it combines others. */
export function guardOf(guard: unknown, statechart: AnyStateMachine): GuardFunction | undefined {
  let found = guard;
  for (let hops = 0; found !== undefined && typeof found !== 'function' && hops < 100; hops++) {
    const name = typeof found === 'string' ? found : (found as { type: string }).type;
    found = statechart.implementations.guards[name];
  }
  return found as GuardFunction | undefined;
}

// biome-ignore lint/suspicious/noExplicitAny: a guard gets what its machine declares
export type GuardFunction = ((args: any, params?: unknown) => boolean) & {
  readonly type?: string;
  readonly check?: unknown;
  readonly guards?: readonly unknown[];
};

function refuseGuard(guard: unknown, statechart: AnyStateMachine, refuse: Refuse): void {
  if (guard === undefined) return;
  const found = guardOf(guard, statechart);
  if (typeof found !== 'function') refuse(`the guard '${nameOf(guard)}', which has no implementation,`);
  if (!found?.check) return;
  if (!found.guards) refuse('the guard stateIn');
  for (const inner of found.guards ?? []) refuseGuard(inner, statechart, refuse);
}

function nameOf(reference: unknown): string {
  return typeof reference === 'string' ? reference : String((reference as { type?: string }).type ?? 'inline');
}
