import { all, type DecisionDiagrams, none, Operation, operationCodes } from './decision-diagrams.ts';

/**
 * A transition relation: pairs of a state and its successor. Variable `n` of the state has the level 2n, that of the
 * successor 2n + 1. Variables that the relation does not write are equal in both, and have no level 2n + 1 in it.
 */
export interface Relation {
  /** tells relations with different written variables apart in the operation cache */
  readonly id: number;
  /** by variable: 1 if the relation writes it */
  readonly writes: Uint8Array;
  /** the first and the last variable that it writes */
  readonly firstWritten: number;
  readonly lastWritten: number;
  pairs: number;
}

/** Returns the successors of a set of states: a relational product without intermediate results. */
export function image(diagrams: DecisionDiagrams, states: number, relation: Relation): number {
  return new Product(diagrams, relation, true).of(states, relation.pairs);
}

/** Returns the predecessors of a set of states. */
export function preimage(diagrams: DecisionDiagrams, states: number, relation: Relation): number {
  return new Product(diagrams, relation, false).of(states, relation.pairs);
}

class Product {
  private readonly code: number;
  private readonly writes: Uint8Array;
  /** level below which nothing is written */
  private readonly lastLevel: number;

  /** @param isImage whether it leads to the successors of states, or to their predecessors */
  constructor(
    private readonly diagrams: DecisionDiagrams,
    { id, writes, lastWritten }: Relation,
    private readonly isImage: boolean,
  ) {
    this.code = (isImage ? Operation.image : Operation.preimage) + operationCodes * id;
    this.writes = writes;
    this.lastLevel = 2 * lastWritten;
  }

  of(states: number, pairs: number): number {
    if (states === none || pairs === none) return none;
    const { diagrams, code } = this;
    const { level, low, high } = diagrams;
    const levelOfStates = level[states];
    const levelOfPairs = level[pairs];
    const top = Math.min(levelOfStates, levelOfPairs & ~1);
    if (pairs === all && (top > this.lastLevel || states === all)) return states;
    if (top > this.lastLevel) return diagrams.and(states, pairs);
    const known = diagrams.recall(code, states, pairs);
    if (known >= 0) return known;
    const states0 = levelOfStates === top ? low[states] : states;
    const states1 = levelOfStates === top ? high[states] : states;
    const pairs0 = levelOfPairs === top ? low[pairs] : pairs;
    const pairs1 = levelOfPairs === top ? high[pairs] : pairs;
    let result: number;
    if (this.writes[top >> 1] === 0) {
      result = diagrams.node(top, this.of(states0, pairs0), this.of(states1, pairs1));
    } else {
      const has0 = level[pairs0] === top + 1;
      const has1 = level[pairs1] === top + 1;
      const from0to1 = has0 ? high[pairs0] : pairs0;
      const from1to0 = has1 ? low[pairs1] : pairs1;
      const result0 = diagrams.or(
        this.of(states0, has0 ? low[pairs0] : pairs0),
        this.of(states1, this.isImage ? from1to0 : from0to1),
      );
      const result1 = diagrams.or(
        this.of(states0, this.isImage ? from0to1 : from1to0),
        this.of(states1, has1 ? high[pairs1] : pairs1),
      );
      result = diagrams.node(top, result0, result1);
    }
    diagrams.remember(code, states, pairs, result);
    return result;
  }
}
