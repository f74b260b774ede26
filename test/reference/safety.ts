import type { Edge, Graph, Node } from './graph.ts';
import type { PropertySpecification } from './specification.ts';
import type { State, System } from './system.ts';
import { holdsIn, type TakenStep } from './view.ts';

export const wellFormed = 'well-formed';

/** What a search for violations of safety properties finds that ends paths at the first violation. */
export interface Safety {
  readonly states: number;
  /** generated states, the initial one included */
  readonly transitions: number;
  /** number of levels */
  readonly depth: number;
  /** number of steps of a shortest counterexample; undefined if nothing is violated */
  readonly length: number | undefined;
  /** ids of the properties that counterexamples of that length violate */
  readonly nearest: ReadonlySet<string>;
  /** ids of all properties that some path violates */
  readonly violated: ReadonlySet<string>;
  /** ids of the covers that are hit */
  readonly covers: ReadonlySet<string>;
  /** whether the restriction forbade a step */
  readonly isRestricted: boolean;
}

/** A restriction of the schedules: a state of its own, which each step changes or which forbids the step. */
export interface Restriction<R> {
  readonly start: R;
  /** Returns undefined if the step is forbidden. */
  after(before: R, node: Node, edge: Edge): R | undefined;
}

const none: Restriction<string> = { start: '', after: () => '' };

/** Searches all paths that a restriction allows, breadth first. */
export function searchSafety<R>(
  { system, nodes }: Graph,
  properties: readonly PropertySpecification[],
  by: Restriction<R> = none as never,
): Safety {
  let transitions = 1;
  let depth = 0;
  let isRestricted = false;
  const covers = new Set<string>();
  const hit = (state: State, step: TakenStep): void => {
    for (const { kind, id, ...property } of properties) {
      if (kind === 'reachable' && !covers.has(id) && holdsIn(system, state, (property as Stated).what, { step }))
        covers.add(id);
    }
  };
  const found: { property: string; length: number; isAtEnd: boolean }[] = [];
  const known = new Set<string>();
  const queue: { index: number; restricted: R; depth: number }[] = [];
  const visit = (index: number, restricted: R, at: number): void => {
    const key = JSON.stringify([index, restricted]);
    if (known.has(key)) return;
    known.add(key);
    depth = at;
    const broken = brokenIn(system, (nodes[index] as Node).state, properties);
    if (broken === undefined) queue.push({ index, restricted, depth: at });
    else found.push({ property: broken, length: at - 1, isAtEnd: false });
  };
  if (nodes.length === 0) found.push({ property: wellFormed, length: 0, isAtEnd: false });
  else {
    hit((nodes[0] as Node).state, { actor: -1, actions: [], payload: 0 });
    visit(0, by.start, 1);
  }
  for (const { index, restricted, depth: at } of queue) {
    const node = nodes[index] as Node;
    for (const edge of node.edges) {
      const after = by.after(restricted, node, edge);
      if (after === undefined) {
        isRestricted = true;
        continue;
      }
      if (edge.target < 0) {
        found.push({ property: wellFormed, length: at, isAtEnd: false });
        continue;
      }
      transitions++;
      const { choice, actions } = edge;
      const payload = choice.kind === 'own' ? choice.payload : 0;
      hit((nodes[edge.target] as Node).state, { actor: choice.actor, actions, payload });
      visit(edge.target, after, at + 1);
    }
    if (node.isRace) found.push({ property: wellFormed, length: at - 1, isAtEnd: true });
    if (node.edges.length > 0) continue;
    for (const property of deadlocksIn(system, node.state, properties))
      found.push({ property, length: at - 1, isAtEnd: true });
  }
  const length = found.length === 0 ? undefined : Math.min(...found.map((one) => one.length));
  // A deadlock or a race is known when its state is expanded: after other violations of its level, before the next.
  const nearest = found.filter((one) => one.length === length);
  const others = nearest.filter(({ isAtEnd }) => !isAtEnd);
  return {
    states: known.size,
    transitions,
    depth,
    length,
    nearest: new Set((others.length > 0 ? others : nearest).map(({ property }) => property)),
    violated: new Set(found.map(({ property }) => property)),
    covers,
    isRestricted,
  };
}

type Stated = Exclude<PropertySpecification, { kind: 'leadsTo' }>;

/** Returns the id of the first invariant that a state violates. */
export function brokenIn(
  system: System,
  state: State,
  properties: readonly PropertySpecification[],
): string | undefined {
  return properties.find((property) => {
    if (property.kind !== 'always' && property.kind !== 'never') return false;
    return holdsIn(system, state, property.what) !== (property.kind === 'always');
  })?.id;
}

/** Returns the ids of the properties that a state violates if it has no successor. */
export function deadlocksIn(system: System, state: State, properties: readonly PropertySpecification[]): string[] {
  return properties
    .filter((property) => property.kind === 'noDeadlock' && !holdsIn(system, state, property.what))
    .map(({ id }) => id);
}

/** At most `bound` steps of each actor. */
export const stepsOfEachActor = (actors: number, bound: number): Restriction<readonly number[]> => ({
  start: Array(actors).fill(0),
  after: (before, _, { choice: { actor } }) =>
    before[actor] === bound ? undefined : before.map((steps, n) => (n === actor ? steps + 1 : steps)),
});

/**
 * At most `bound` switches away from an actor that could have gone on: that has a step which changes the state, or is
 * a fault.
 */
export const preemptions = (
  nodes: readonly Node[],
  bound: number,
): Restriction<readonly [running: number, number]> => ({
  start: [-1, 0],
  after: ([running, count], _, { choice: { actor }, target }) => {
    const isPreemption = running >= 0 && running !== actor;
    if (isPreemption && count === bound) return undefined;
    const canContinue = nodes[target]?.edges.some((edge) => edge.choice.actor === actor && edge.target !== target);
    return [canContinue ? actor : -1, count + Number(isPreemption)];
  },
});
