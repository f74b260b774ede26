import { all, type DecisionDiagrams } from './decision-diagrams.ts';

/**
 * Some diagrams as arrays. Node `n` of the arrays is diagram `n + 2`, as 0 and 1 are the terminals. Successors come
 * before the nodes that refer to them.
 */
export interface PackedDiagrams {
  readonly level: Uint16Array;
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly roots: readonly number[];
}

/** Copies diagrams into arrays. */
export function pack({ level, low, high, end }: DecisionDiagrams, roots: readonly number[]): PackedDiagrams {
  const packedOf = new Int32Array(end);
  packedOf[all] = all;
  const nodes: number[] = [];
  const visit = (node: number): void => {
    if (node <= all || packedOf[node] !== 0) return;
    visit(low[node]);
    visit(high[node]);
    packedOf[node] = nodes.push(node) + all;
  };
  for (const root of roots) visit(root);
  return {
    level: Uint16Array.from(nodes, (node) => level[node]),
    low: Int32Array.from(nodes, (node) => packedOf[low[node]]),
    high: Int32Array.from(nodes, (node) => packedOf[high[node]]),
    roots: roots.map((root) => packedOf[root]),
  };
}

/**
 * Makes the diagrams that were packed. Returns their roots.
 * @throws OutOfNodes
 */
export function unpack(diagrams: DecisionDiagrams, { level, low, high, roots }: PackedDiagrams): number[] {
  const nodeOf = new Int32Array(level.length + 2);
  nodeOf[all] = all;
  for (let n = 0; n < level.length; n++) {
    nodeOf[n + 2] = diagrams.node(level[n], nodeOf[low[n]], nodeOf[high[n]]);
  }
  return roots.map((root) => nodeOf[root]);
}
