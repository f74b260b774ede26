import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { PrecopyError } from '../model/errors.ts';
import { pathOf } from '../model/statechart.ts';
import {
  classifyGuard,
  isBuiltInAction,
  isDoneEvent,
  isInternalEvent,
  xstateGuide,
} from '../model/xstate-internals.ts';
import { actionOf, guardOf, nameOf } from './implementations.ts';

/**
 * Rejects statecharts with features that the compiler does not translate: a checked model must be the one that xstate
 * runs.
 * @throws PrecopyError `UNSUPPORTED_FEATURE`, naming the machine, the state and the feature
 */
export function assertSupported(statechart: AnyStateMachine): void {
  const walk = (node: AnyStateNode): void => {
    const refuse: Refuse = (feature, remedy = supported) => {
      throw new PrecopyError(
        'UNSUPPORTED_FEATURE',
        `machine '${statechart.id}', state '${pathOf(node)}': ${feature} is not supported`,
        `${remedy}; ${xstateGuide}`,
      );
    };
    refuseNode(node, statechart, refuse);
    for (const child of Object.values(node.states) as AnyStateNode[]) walk(child);
  };
  walk(statechart.root);
}

/** Refuses a feature. The remedy says what to use instead. */
type Refuse = (feature: string, remedy?: string) => never;

const supported =
  'use atomic, compound and final states, on, always, guards with and/or/not, entry, exit and custom actions';

/**
 * Returns whether a machine starts in a state. xstate runs the entry actions of the start after all eventless
 * transitions of the start.
 */
function startsIn(node: AnyStateNode, statechart: AnyStateMachine): boolean {
  let start: AnyStateNode = statechart.root;
  while (start !== node && start.type === 'compound') start = start.initial.target[0] as AnyStateNode;
  return start === node;
}

/**
 * Returns whether a state contains a final one. When it is entered, xstate raises an event and tries eventless
 * transitions with it.
 */
function holdsFinal(node: AnyStateNode): boolean {
  return (Object.values(node.states) as AnyStateNode[]).some((child) => child.type === 'final' || holdsFinal(child));
}

function refuseNode(node: AnyStateNode, statechart: AnyStateMachine, refuse: Refuse): void {
  if (node.type === 'parallel') refuse('a parallel state', 'give each region an actor of its own');
  if (node.type === 'history') refuse('a history state', 'keep the state to return to in a register');
  if (node.invoke.length > 0) refuse('invoke', 'declare a role with a machine of its own');
  if (node.after.length > 0)
    refuse('after (a delayed transition)', 'make the timeout a spontaneous event, which may happen at any time');
  if (node.type === 'final' && node.exit.length > 0) refuse('an exit action of a final state');
  if (node.parent === undefined && node.exit.length > 0) refuse('an exit action of the root');
  if (node.type === 'compound' && node.initial.actions.length > 0) refuse('an action of the initial transition');
  for (const action of [...node.entry, ...node.exit]) refuseAction(action, statechart, refuse);
  for (const [event, transitions] of node.transitions) {
    if (event.includes('*')) refuse(`the wildcard '${event}'`, 'name the events');
    if (isInternalEvent(event))
      refuse(isDoneEvent(event) ? 'onDone' : `the event '${event}'`, 'add a transition to the state before');
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

/** What to do instead of a built-in action of xstate. */
const insteadOf: Readonly<Record<string, string>> = {
  'xstate.assign': 'write to a cell or a register in an action',
  'xstate.raise': 'add a state with an eventless transition',
  'xstate.sendTo': 'call `send` in an action, with a message that the system declares',
  'xstate.emit': 'call `send` in an action, with a message that the system declares',
  'xstate.spawnChild': 'declare a role with a machine of its own',
  'xstate.stopChild': 'declare a role with a machine of its own',
};

function refuseAction(action: unknown, statechart: AnyStateMachine, refuse: Refuse): void {
  const found = actionOf(action, statechart);
  if (typeof found !== 'function') refuse(`the action '${nameOf(action)}', which has no implementation,`);
  if (!isBuiltInAction(found)) return;
  const type = String((found as { type?: string }).type ?? 'a built-in action');
  refuse(type, insteadOf[type] ?? 'do it in an action of your own');
}

function refuseGuard(guard: unknown, statechart: AnyStateMachine, refuse: Refuse): void {
  if (guard === undefined) return;
  const found = guardOf(guard, statechart);
  if (typeof found !== 'function') refuse(`the guard '${nameOf(guard)}', which has no implementation,`);
  const resolved = classifyGuard(found);
  if (resolved.kind === 'unknown') refuse('the guard stateIn', 'read a cell that the other actor writes');
  if ('guards' in resolved) for (const inner of resolved.guards) refuseGuard(inner, statechart, refuse);
}
