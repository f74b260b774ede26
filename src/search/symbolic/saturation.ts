import { all, type DecisionDiagrams, none, Operation, operationCodes, Paused } from './decision-diagrams.ts';
import { image, type Relation } from './relations.ts';

/**
 * Computes the states that relations lead to by saturation (G. Ciardo, G. Lüttgen and R. Siminiceanu, Saturation: An
 * Efficient Iteration Strategy for Symbolic State-Space Generation, TACAS 2001; here for binary diagrams and relations
 * of any form, as in T. van Dijk, J. Meijer and J. van de Pol, Multi-core On-The-Fly Saturation, TACAS 2019). A
 * relation is applied at the nodes of its topmost variable, to the part of the set below such a node; the lower ones
 * are applied until nothing changes before the higher ones are. So intermediate sets stay small, unlike levels of a
 * breadth-first search.
 */
export class Saturation {
  /** levels of the topmost variables of relations, the uppermost first; the relations of each */
  private readonly tops: number[] = [];
  private readonly relations: Relation[][] = [];
  private isPaused = false;

  /** @param firstCode first of `codes` numbers that no other saturation uses in the operation cache */
  constructor(
    private readonly diagrams: DecisionDiagrams,
    relations: readonly Relation[],
    private readonly firstCode: number,
  ) {
    const byTop = new Map<number, Relation[]>();
    for (const relation of relations) {
      const top = Math.min(diagrams.level[relation.pairs] & ~1, 2 * relation.firstWritten);
      byTop.set(top, [...(byTop.get(top) ?? []), relation]);
    }
    for (const top of [...byTop.keys()].sort((a, b) => a - b)) {
      this.tops.push(top);
      this.relations.push(byTop.get(top) as Relation[]);
    }
  }

  /** Number of codes: the results of a saturation are those with its relations. */
  get codes(): number {
    return this.tops.length;
  }

  /**
   * Adds to a set the states that the relations lead to from it. Yields the set so far from time to time: all its
   * states are reachable, and nodes that are not in it may be freed meanwhile.
   * @param results results of operations that are computed before it yields, at first
   */
  *closure(states: number, results: number): Generator<number, number, undefined> {
    for (let [set, most] = [states, results]; ; ) {
      this.isPaused = false;
      this.diagrams.resultsLeft = most;
      const next = this.saturate(set, 0);
      this.diagrams.resultsLeft = 0;
      if (!this.isPaused) return next;
      if (next === set) most *= 2;
      set = next;
      yield set;
    }
  }

  /** Saturates a set with the relations whose top is that of index `from` or lower; only in part if it pauses. */
  private saturate(states: number, from: number): number {
    if (states <= all || from === this.tops.length || this.isPaused) return states;
    const { diagrams, tops } = this;
    const { level, low, high } = diagrams;
    const code = Operation.saturate + operationCodes * (this.firstCode + from);
    const known = diagrams.recall(code, states, none);
    if (known >= 0) return known;
    let result = states;
    if (level[states] < tops[from]) {
      result = diagrams.node(level[states], this.saturate(low[states], from), this.saturate(high[states], from));
    } else {
      let before = -1;
      while (result !== before && !this.isPaused) {
        before = result;
        result = this.saturate(result, from + 1);
        for (const relation of this.relations[from]) {
          result = this.withImage(result, relation);
          if (this.isPaused) break;
        }
      }
    }
    if (!this.isPaused) diagrams.store(code, states, none, result);
    return result;
  }

  /** Adds the image of a set to it; adds nothing if that pauses. */
  private withImage(states: number, relation: Relation): number {
    const { diagrams } = this;
    try {
      return diagrams.or(states, image(diagrams, states, relation));
    } catch (error) {
      if (!(error instanceof Paused)) throw error;
      this.isPaused = true;
      return states;
    }
  }
}
