import { type OwnedAccess, start, take } from './step.ts';
import { type Choice, keyOf, type State, type System } from './system.ts';

/** A choice taken in a state. */
export interface Edge {
  readonly choice: Choice;
  /** index of the state after it; -1 if it is a fault */
  readonly target: number;
  /** names of the actions of the actor that took it, in order */
  readonly actions: readonly string[];
}

/** A reachable state. */
export interface Node {
  readonly state: State;
  readonly edges: Edge[];
  /** whether choices of two actors access one cell of owned memory, one of them to write it */
  readonly isRace: boolean;
}

/** All reachable states, in the order of a breadth-first search. */
export interface Graph {
  readonly system: System;
  /** empty if the start is a fault */
  readonly nodes: readonly Node[];
}

/**
 * Builds the graph of all reachable states. States that violate a property have successors too.
 * @returns undefined if there are more than `maxStates`
 */
export function buildGraph(system: System, maxStates: number): Graph | undefined {
  const nodes: { -readonly [K in keyof Node]: Node[K] }[] = [];
  const known = new Map<string, number>();
  const indexOf = (state: State): number => {
    const key = keyOf(state);
    let index = known.get(key);
    if (index === undefined) {
      index = nodes.push({ state, edges: [], isRace: false }) - 1;
      known.set(key, index);
    }
    return index;
  };
  const begun = start(system);
  if (begun.outcome !== 'taken') return { system, nodes: [] };
  indexOf(begun.state);
  for (const node of nodes) {
    if (nodes.length > maxStates) return undefined;
    const { state, edges } = node;
    const owned: { by: number; access: OwnedAccess }[] = [];
    for (const choice of system.choices) {
      const result = take(system, state, choice);
      for (const access of result.owned) owned.push({ by: choice.actor, access });
      if (result.outcome === 'fault') edges.push({ choice, target: -1, actions: [] });
      if (result.outcome !== 'taken') continue;
      edges.push({ choice, target: indexOf(result.state), actions: result.actions });
    }
    node.isRace = owned.some((one) => owned.some((other) => one.by !== other.by && conflict(one.access, other.access)));
  }
  return { system, nodes };
}

const conflict = (one: OwnedAccess, other: OwnedAccess): boolean =>
  one.cell === other.cell && one.actor !== other.actor && (one.writes || other.writes);
