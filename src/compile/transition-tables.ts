import type { AnyStateMachine, AnyStateNode, AnyTransitionDefinition } from 'xstate';
import { actionId } from '../model/model-code.ts';
import { leavesOf, pathOf } from '../model/statechart.ts';
import { coarseReasonOf } from '../model/xstate-internals.ts';
import type { ActionArgs } from './event-objects.ts';
import { compileGuard, type Guard } from './guards.ts';
import { actionOf, nameOf, paramsOf, withParams } from './implementations.ts';
import { assertSupported } from './unsupported-features.ts';

type Action = (args: ActionArgs) => unknown;

/**
 * A transition flattened to a leaf: an inherited transition has a flat transition for each leaf of its source state.
 */
export interface FlatTransition {
  /** index among the transitions of the machine; -1 for the start */
  readonly id: number;
  /** index among the flat transitions of the machine; -1 for the start */
  readonly index: number;
  /** id of the machine */
  readonly machine: string;
  /** type of its event; '' if eventless, undefined for the start */
  readonly event: string | undefined;
  readonly guard: Guard | undefined;
  /** exit actions from the inside out, actions of the transition, entry actions from the outside in */
  readonly actions: readonly Action[];
  readonly actionNames: readonly string[];
  /** by index of `actions`: its id among the functions of designs */
  readonly actionIds: readonly number[];
  /** index of the leaf that it leaves */
  readonly leaf: number;
  /** index of the target leaf */
  readonly target: number;
  /** whether it says why it accesses shared memory more than once in a step */
  readonly isCoarse: boolean;
}

/**
 * A transition as coverage, costs and traces name it.
 * @example
 * const info: TransitionInfo = program.transitions[program.lastTransition()];
 */
export interface TransitionInfo {
  readonly machine: string;
  /** path of its source state */
  readonly source: string;
  /** type of its event; '' if eventless */
  readonly event: string;
  /** index among the transitions of that state and event */
  readonly index: number;
  readonly target: string | undefined;
  readonly actions: readonly string[];
  /** reason why it may access shared memory more than once */
  readonly coarse: string | undefined;
}

/** A statechart as tables: the candidate transitions of each leaf for each event. */
export interface TransitionTables {
  readonly leaves: readonly string[];
  readonly transitions: readonly TransitionInfo[];
  /** by index */
  readonly flatTransitions: readonly FlatTransition[];
  /** by event type and leaf: the candidates in the order in which xstate tries them */
  readonly byEvent: ReadonlyMap<string, readonly (readonly FlatTransition[])[]>;
  /** by leaf: the eventless candidates */
  readonly always: readonly (readonly FlatTransition[])[];
  readonly initial: FlatTransition;
}

/**
 * Flattens a resolved statechart. The tables do to the state vector what xstate 5.33 does to snapshots: the algorithm
 * is that of its `stateUtils.ts`, for machines without parallel and history states.
 * @throws PrecopyError `UNSUPPORTED_FEATURE`
 * @internal
 */
export function compileTables(statechart: AnyStateMachine): TransitionTables {
  assertSupported(statechart);
  const leaves = leavesOf(statechart);
  const transitions: TransitionInfo[] = [];
  const flatTransitions: FlatTransition[] = [];
  const known = new Map<AnyTransitionDefinition, number>();
  const idOf = (definition: AnyTransitionDefinition, index: number): number => {
    let id = known.get(definition);
    if (id === undefined) {
      id = transitions.push(describe(definition, index, statechart)) - 1;
      known.set(definition, id);
    }
    return id;
  };
  const flatten = (leaf: AnyStateNode, definition: AnyTransitionDefinition, index: number): FlatTransition => {
    const [target] = definition.target ?? [];
    const path = target ? route(leaf, definition, target) : { exits: [], entries: [], leaf };
    const references = [
      ...path.exits.flatMap((node) => node.exit),
      ...definition.actions,
      ...path.entries.flatMap((node) => node.entry),
    ];
    const flat: FlatTransition = {
      id: idOf(definition, index),
      index: flatTransitions.length,
      machine: statechart.id,
      event: definition.eventType,
      guard: compileGuard(definition.guard, statechart),
      actions: references.map((reference) => compileAction(reference, statechart)),
      actionNames: references.map(nameOf),
      actionIds: references.map((reference) => actionId(statechart.id, nameOf(reference))),
      leaf: leaves.indexOf(leaf),
      target: leaves.indexOf(path.leaf),
      isCoarse: coarseReasonOf(definition) !== undefined,
    };
    flatTransitions.push(flat);
    return flat;
  };
  const candidates = (
    leaf: AnyStateNode,
    pick: (node: AnyStateNode) => readonly AnyTransitionDefinition[],
  ): FlatTransition[] =>
    (isEnd(leaf, statechart) ? [] : ancestry(leaf)).flatMap((node) =>
      pick(node).map((definition, index) => flatten(leaf, definition, index)),
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
      actionIds: entries.map((reference) => actionId(statechart.id, nameOf(reference))),
      leaf: -1,
      target: leaves.indexOf(entered.leaf),
      isCoarse: false,
    },
    transitions,
    flatTransitions,
  };
}

/** Returns whether the machine is done in a leaf: it takes no event. */
function isEnd(leaf: AnyStateNode, statechart: AnyStateMachine): boolean {
  return leaf.type === 'final' && leaf.parent === statechart.root;
}

/** Returns a state and its ancestors, from the inside out. */
function ancestry(node: AnyStateNode): AnyStateNode[] {
  return node.parent ? [node, ...ancestry(node.parent)] : [node];
}

/** Returns the states that a transition from `leaf` to `target` exits and enters, and the leaf that it ends in. */
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

/** Returns the innermost proper ancestor of both states; the root is its own. */
function commonAncestor(a: AnyStateNode, b: AnyStateNode): AnyStateNode {
  const ancestors = ancestry(b).slice(1);
  return (
    ancestry(a)
      .slice(1)
      .find((node) => ancestors.includes(node)) ?? (ancestry(a).at(-1) as AnyStateNode)
  );
}

/** Returns the initial states below a state, down to a leaf. */
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
    coarse: coarseReasonOf(definition),
  };
}
