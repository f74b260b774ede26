import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { leavesOf, pathOf } from '../model/statechart.ts';
import type { StepArgs } from './event-objects.ts';
import { compileGuard, type Guard, paramsOf, withParams } from './guards.ts';
import { actionOf, assertSupported } from './unsupported-features.ts';

type Action = (args: StepArgs) => void;

/** One transition of a machine, as it is taken from one of its leaf states. */
export interface FlatTransition {
  /** which transition of the machine it is: the same number from every leaf */
  readonly id: number;
  /** which arrow of the machine it is */
  readonly index: number;
  /** the id of the machine */
  readonly machine: string;
  /** the type of the event that it is for; '' for an eventless one, undefined for the start */
  readonly event: string | undefined;
  readonly guard: Guard | undefined;
  /** what runs: exit actions from the inside out, the actions of the transition, entry actions from the outside in */
  readonly actions: readonly Action[];
  readonly actionNames: readonly string[];
  /** the leaf that it leads to */
  readonly target: number;
}

/** What a transition is called, in coverage, costs and traces. */
export interface TransitionInfo {
  readonly machine: string;
  /** path of the state that declares it */
  readonly source: string;
  /** the event, or '' for an eventless transition */
  readonly event: string;
  /** which of the transitions of that state and event it is */
  readonly index: number;
  readonly target: string | undefined;
  readonly actions: readonly string[];
  /** why it may touch shared memory more than once */
  readonly coarse: string | undefined;
}

/** A statechart as tables: what each leaf state does with each event. */
export interface TransitionTables {
  readonly leaves: readonly string[];
  readonly transitions: readonly TransitionInfo[];
  /** every arrow, by its index */
  readonly arrows: readonly FlatTransition[];
  /** by event type, then by leaf: the candidates in the order in which xstate tries them */
  readonly byEvent: ReadonlyMap<string, readonly (readonly FlatTransition[])[]>;
  /** by leaf: the eventless candidates */
  readonly always: readonly (readonly FlatTransition[])[];
  readonly initial: FlatTransition;
}

/**
 * Translates a resolved statechart. The result does on flat state what xstate 5.33 does on snapshots; the algorithm is that of its
 * `stateUtils.ts` for machines without parallel and history states.
 * @throws PrecopyError `UNSUPPORTED_FEATURE`
 */
export function compileTables(statechart: AnyStateMachine): TransitionTables {
  assertSupported(statechart);
  const leaves = leavesOf(statechart);
  const transitions: TransitionInfo[] = [];
  const arrows: FlatTransition[] = [];
  const known = new Map<AnyTransitionDefinition, number>();
  const idOf = (definition: AnyTransitionDefinition, index: number): number => {
    let id = known.get(definition);
    if (id === undefined) {
      id = transitions.push(describe(definition, index, statechart)) - 1;
      known.set(definition, id);
    }
    return id;
  };
  const arrow = (leaf: AnyStateNode, definition: AnyTransitionDefinition, index: number): FlatTransition => {
    const [target] = definition.target ?? [];
    const path = target ? route(leaf, definition, target) : { exits: [], entries: [], leaf };
    const references = [
      ...path.exits.flatMap((node) => node.exit),
      ...definition.actions,
      ...path.entries.flatMap((node) => node.entry),
    ];
    const made: FlatTransition = {
      id: idOf(definition, index),
      index: arrows.length,
      machine: statechart.id,
      event: definition.eventType,
      guard: compileGuard(definition.guard, statechart),
      actions: references.map((reference) => compileAction(reference, statechart)),
      actionNames: references.map(nameOf),
      target: leaves.indexOf(path.leaf),
    };
    arrows.push(made);
    return made;
  };
  const candidates = (
    leaf: AnyStateNode,
    pick: (node: AnyStateNode) => readonly AnyTransitionDefinition[],
  ): FlatTransition[] =>
    (isEnd(leaf, statechart) ? [] : ancestry(leaf)).flatMap((node) =>
      pick(node).map((definition, index) => arrow(leaf, definition, index)),
    );

  const entered = enter(statechart.root);
  const entries = [statechart.root, ...entered.nodes].flatMap((node) => node.entry);
  return {
    leaves: leaves.map(pathOf),
    byEvent: new Map(
      statechart.events.map((event) => [
        event as string,
        leaves.map((leaf) => candidates(leaf, (node) => node.transitions.get(event) ?? [])),
      ]),
    ),
    always: leaves.map((leaf) => candidates(leaf, (node) => node.always ?? [])),
    initial: {
      id: -1,
      index: -1,
      machine: statechart.id,
      event: undefined,
      guard: undefined,
      actions: entries.map((reference) => compileAction(reference, statechart)),
      actionNames: entries.map(nameOf),
      target: leaves.indexOf(entered.leaf),
    },
    transitions,
    arrows,
  };
}

/** Whether the machine is done in this state: it takes nothing any more. */
function isEnd(leaf: AnyStateNode, statechart: AnyStateMachine): boolean {
  return leaf.type === 'final' && leaf.parent === statechart.root;
}

/** A state and those around it, from the inside out. */
function ancestry(node: AnyStateNode): AnyStateNode[] {
  return node.parent ? [node, ...ancestry(node.parent)] : [node];
}

/** What is left and entered when `definition` leads from `leaf` to `target`. */
function route(
  leaf: AnyStateNode,
  definition: AnyTransitionDefinition,
  target: AnyStateNode,
): { exits: AnyStateNode[]; entries: AnyStateNode[]; leaf: AnyStateNode } {
  const { source, reenter } = definition;
  const inside = target === source || ancestry(target).includes(source);
  const domain = !reenter && inside ? source : commonAncestor(source, target);
  const exits = ancestry(leaf).filter((node) => node !== domain && ancestry(node).includes(domain));
  const path = ancestry(target)
    .filter((node) => node !== domain && ancestry(node).includes(domain))
    .reverse();
  const { nodes, leaf: end } = enter(target);
  return { exits, entries: [...path, ...nodes], leaf: end };
}

/** The innermost state that properly contains both; the root contains itself. */
function commonAncestor(a: AnyStateNode, b: AnyStateNode): AnyStateNode {
  const around = ancestry(b).slice(1);
  return (
    ancestry(a)
      .slice(1)
      .find((node) => around.includes(node)) ?? (ancestry(a).at(-1) as AnyStateNode)
  );
}

/** What is entered below a state, down to the leaf that its initial states lead to. */
function enter(node: AnyStateNode): { nodes: AnyStateNode[]; leaf: AnyStateNode } {
  const nodes: AnyStateNode[] = [];
  let leaf = node;
  while (leaf.type === 'compound') {
    leaf = leaf.initial.target[0] as AnyStateNode;
    nodes.push(leaf);
  }
  return { nodes, leaf };
}

function compileAction(reference: unknown, statechart: AnyStateMachine): Action {
  return withParams(actionOf(reference, statechart) as Action, paramsOf(reference));
}

function describe(definition: AnyTransitionDefinition, index: number, statechart: AnyStateMachine): TransitionInfo {
  return {
    machine: statechart.id,
    source: pathOf(definition.source),
    event: definition.eventType,
    index,
    target: definition.target?.[0] && pathOf(definition.target[0]),
    actions: definition.actions.map(nameOf),
    coarse: (definition as { meta?: { coarse?: string } }).meta?.coarse,
  };
}

function nameOf(action: unknown): string {
  if (typeof action === 'string') return action;
  if (typeof action === 'function') return action.name || 'inline';
  return (action as { type: string }).type;
}
