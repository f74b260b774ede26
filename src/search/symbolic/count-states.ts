import { all, type DecisionDiagrams, none } from './decision-diagrams.ts';

/**
 * Counts the states of a set exactly. Variable `n` has the level 2n.
 * @param variables number of variables of a state
 */
export function countStates(diagrams: DecisionDiagrams, set: number, variables: number): bigint {
  const { level, low, high } = diagrams;
  const counts = new Map<number, bigint>();
  const variableOf = (node: number): number => (node <= all ? variables : level[node] >> 1);
  /** Counts the assignments of the variables from that of the node on. */
  const countOf = (node: number): bigint => {
    if (node <= all) return node === none ? 0n : 1n;
    const known = counts.get(node);
    if (known !== undefined) return known;
    const free = (successor: number): bigint => BigInt(variableOf(successor) - variableOf(node) - 1);
    const count =
      (countOf(low[node]) << free(low[node])) + (countOf(high[node]) << free(high[node]));
    counts.set(node, count);
    return count;
  };
  return countOf(set) << BigInt(variableOf(set));
}
