import type { AnyStateMachine, AnyStateNode } from 'xstate';
import { contextOfActions, contextOfGuards } from './context-keys.ts';
import { act, actionId, ask, guardId } from './model-code.ts';
import { strict } from './strict-names.ts';
import { classifyGuard, combineGuards } from './xstate-internals.ts';

// xstate takes whatever a guard returns for an answer, and does not look at what an action returns. These wrappers do,
// and give a function what a compiled one gets: the context and the event.

interface Args {
  readonly context: unknown;
  readonly event: object;
}
type Wrapped = (args: Args, params: unknown) => unknown;
// biome-ignore lint/suspicious/noExplicitAny: the arguments differ by machine
type Functions = Readonly<Record<string, (args: any) => any>>;

/** Returns the named actions and guards of a machine, for xstate to call. */
export function checkedImplementations(
  machine: string,
  { actions, guards }: { readonly actions: Functions; readonly guards: Functions },
): { readonly actions: Functions; readonly guards: Functions } {
  const wrapAll = (functions: Functions, wrap: (name: string, one: unknown) => unknown): Functions =>
    Object.fromEntries(Object.entries(functions).map(([name, one]) => [name, wrap(name, one)])) as Functions;
  return {
    actions: wrapAll(actions, (name, action) => checkedAction(machine, name, action)),
    guards: wrapAll(guards, (name, guard) => checkedGuard(machine, name, guard)),
  };
}

/** Wraps the actions and guards that a statechart has as functions, instead of by name. It changes the statechart. */
export function checkInlineFunctions(statechart: AnyStateMachine): void {
  const { id } = statechart;
  const checked = (references: readonly unknown[]): unknown[] =>
    references.map((one) => (typeof one === 'function' ? checkedAction(id, one.name || 'inline', one) : one));
  const walk = (node: AnyStateNode): void => {
    const changed = node as { entry: unknown; exit: unknown };
    changed.entry = checked(node.entry);
    changed.exit = checked(node.exit);
    for (const transition of [...[...node.transitions.values()].flat(), ...(node.always ?? [])]) {
      const definition = transition as { actions: unknown; guard?: unknown };
      definition.actions = checked(transition.actions);
      if (typeof transition.guard === 'function') definition.guard = checkedGuard(id, 'inline', transition.guard);
    }
    for (const child of Object.values(node.states) as AnyStateNode[]) walk(child);
  };
  walk(statechart.root);
}

/** Returns arguments that refuse writes, with a copy of the event that refuses the fields that it does not have. */
function frozenArgs(context: unknown, event: object): Args {
  const { type } = event as { readonly type: string };
  return Object.freeze({ context, event: Object.freeze(strict({ ...event }, `the event ${type}`, 'field')) });
}

function checkedAction(machine: string, name: string, action: unknown): unknown {
  if (typeof action !== 'function' || 'resolve' in action) return action;
  const id = actionId(machine, name);
  const checked: Wrapped = ({ context, event }, params) =>
    act(id, () => (action as Wrapped)(frozenArgs(contextOfActions(context), event), params));
  return Object.defineProperty(checked, 'name', { value: action.name });
}

function checkedGuard(machine: string, name: string, guard: unknown): unknown {
  if (typeof guard !== 'function') return guard;
  const classified = classifyGuard(guard as never);
  if (classified.kind === 'unknown') return guard;
  if (classified.kind !== 'predicate') {
    return combineGuards(
      classified.kind,
      classified.guards.map((one) => checkedGuard(machine, 'inline', one)),
    );
  }
  const id = guardId(machine, name === 'inline' ? guard.name || name : name);
  const checked: Wrapped = ({ context, event }, params) =>
    ask(id, () => (guard as Wrapped)(frozenArgs(contextOfGuards(context), event), params));
  return Object.defineProperty(checked, 'name', { value: guard.name });
}
