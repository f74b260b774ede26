import type { Graph, Node } from './graph.ts';
import { deadlocksIn, wellFormed } from './safety.ts';
import type { PropertySpecification } from './specification.ts';
import { holdsIn } from './view.ts';

/** How often each safety property is violated in a graph of which all states are visited. */
interface ViolationCounts {
  readonly states: number;
  /** generated states, the initial one included */
  readonly transitions: number;
  readonly terminalStates: number;
  readonly deadlockedStates: number;
  /** in JSON, sorted: property, whether states or steps are counted, their number, and the length of a shortest path */
  readonly counts: readonly string[];
}

/** Counts the states that violate each property, the steps that are faults, and the states without a successor. */
export function countViolations(
  { system, nodes }: Graph,
  properties: readonly PropertySpecification[],
): ViolationCounts {
  const distance = distancesIn(nodes);
  const lengthsOf = (isViolating: (node: Node) => boolean): number[] =>
    nodes.flatMap((node, n) => (isViolating(node) ? [distance[n] as number] : []));
  const isTerminal = ({ edges }: Node): boolean => edges.length === 0;
  const byProperty = properties.flatMap(({ id, kind, ...property }) => {
    if (kind === 'reachable' || kind === 'leadsTo') return [];
    const { what } = property as Extract<PropertySpecification, { kind: 'never' }>;
    const isViolating = ({ state }: Node): boolean => holdsIn(system, state, what) !== (kind !== 'never');
    const isCounted = kind === 'noDeadlock' ? (node: Node) => isTerminal(node) && isViolating(node) : isViolating;
    return [{ property: id, counted: 'states', lengths: lengthsOf(isCounted) }];
  });
  const faults = nodes.flatMap(({ edges }, n) =>
    edges.flatMap(({ target }) => (target < 0 ? [(distance[n] as number) + 1] : [])),
  );
  const all = [
    ...byProperty,
    { property: wellFormed, counted: 'steps', lengths: faults },
    { property: wellFormed, counted: 'states', lengths: lengthsOf(({ isRace }) => isRace) },
  ].filter(({ lengths }) => lengths.length > 0);
  return {
    states: nodes.length,
    transitions: 1 + nodes.reduce((sum, { edges }) => sum + edges.filter(({ target }) => target >= 0).length, 0),
    terminalStates: nodes.filter(isTerminal).length,
    deadlockedStates: nodes.filter((node) => isTerminal(node) && deadlocksIn(system, node.state, properties).length > 0)
      .length,
    counts: all
      .map(({ lengths, ...one }) => JSON.stringify({ ...one, count: lengths.length, length: Math.min(...lengths) }))
      .sort(),
  };
}

/** Returns the length of a shortest path to each state. */
function distancesIn(nodes: readonly Node[]): number[] {
  const distance: number[] = [0];
  const queue = [0];
  for (const n of queue) {
    for (const { target } of nodes[n]?.edges ?? []) {
      if (target < 0 || distance[target] !== undefined) continue;
      distance[target] = (distance[n] as number) + 1;
      queue.push(target);
    }
  }
  return distance;
}
