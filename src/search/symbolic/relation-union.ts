import { type DecisionDiagrams, none } from './decision-diagrams.ts';
import type { Relation } from './relations.ts';

/** The ids of relations, by the variables that they write: relations with one id write the same variables. */
export type RelationIds = Map<string, number>;

/** A union of relations, one for each set of variables that are written together. */
export class RelationUnion {
  readonly relations: Relation[] = [];
  private readonly relationByWrites = new Map<string, Relation>();

  /** @param variables number of variables of a state */
  constructor(
    private readonly diagrams: DecisionDiagrams,
    private readonly variables: number,
    private readonly ids: RelationIds,
  ) {}

  /**
   * Adds steps.
   * @param domain the states before
   * @param updates by written variable, at least one: the function of the state before that it becomes
   */
  add(domain: number, updates: ReadonlyMap<number, number>): void {
    const { diagrams } = this;
    const written = [...updates.keys()].sort((a, b) => a - b);
    let pairs = domain;
    for (const variable of written.toReversed()) {
      const after = diagrams.variable(2 * variable + 1);
      pairs = diagrams.and(pairs, diagrams.equal(after, updates.get(variable) as number));
    }
    const relation = this.relationThatWrites(written);
    relation.pairs = diagrams.or(relation.pairs, pairs);
  }

  private relationThatWrites(variables: readonly number[]): Relation {
    const key = variables.join();
    const known = this.relationByWrites.get(key);
    if (known !== undefined) return known;
    const writes = new Uint8Array(this.variables);
    for (const variable of variables) writes[variable] = 1;
    const id = this.ids.get(key) ?? this.ids.size;
    this.ids.set(key, id);
    const [firstWritten, lastWritten] = [variables[0], variables.at(-1) as number];
    const relation: Relation = { id, writes, firstWritten, lastWritten, pairs: none };
    this.relationByWrites.set(key, relation);
    this.relations.push(relation);
    return relation;
  }
}
