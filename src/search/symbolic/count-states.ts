import { all, type DecisionDiagrams, none } from './decision-diagrams.ts';

/**
 * Counts the states of a set exactly. Variable `n` has the level 2n.
 * @param variables number of variables of a state
 */
export function countStates({ level, low, high }: DecisionDiagrams, set: number, variables: number): bigint {
  const counts = new Map<number, bigint>();
  const variableOf = (node: number): number => (node <= all ? variables : level[node] >> 1);
  /** Counts the assignments of the variables from that of the node on. */
  const countOf = (node: number): bigint => {
    if (node <= all) return node === none ? 0n : 1n;
    const known = counts.get(node);
    if (known !== undefined) return known;
    const below = (successor: number): bigint =>
      countOf(successor) << BigInt(variableOf(successor) - variableOf(node) - 1);
    const count = below(low[node]) + below(high[node]);
    counts.set(node, count);
    return count;
  };
  return countOf(set) << BigInt(variableOf(set));
}

/** Counts the states of a set in floating point, and the nodes that were visited for it. */
export function estimateStates(
  { low, high }: DecisionDiagrams,
  set: number,
  variables: number,
): { readonly states: number; readonly nodes: number } {
  const shares = new Map<number, number>();
  /** Returns the share of all assignments that are in the set. */
  const shareOf = (node: number): number => {
    if (node <= all) return node;
    const known = shares.get(node);
    if (known !== undefined) return known;
    const share = (shareOf(low[node]) + shareOf(high[node])) / 2;
    shares.set(node, share);
    return share;
  };
  return { states: shareOf(set) * 2 ** variables, nodes: shares.size };
}
