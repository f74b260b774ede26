import { StepOutcome } from '../../../compile/program.ts';
import { type DecisionDiagrams, none } from '../decision-diagrams.ts';
import { type RelationIds, RelationUnion } from '../relation-union.ts';
import { image, preimage, type Relation } from '../relations.ts';
import type { Slices } from '../slices.ts';
import type { LearnedChoice } from '../transition-relation.ts';

/** The steps of some choices. */
export class Steps {
  /**
   * @param relations the steps that change something
   * @param idle the states in which a choice changes nothing, so that it is a cycle of one state
   */
  constructor(
    private readonly diagrams: DecisionDiagrams,
    readonly relations: readonly Relation[],
    readonly idle: number,
  ) {}

  /** Returns the steps that begin in some states. */
  from(states: number): Steps {
    const { diagrams } = this;
    const relations = this.relations.flatMap((relation) => {
      const pairs = diagrams.and(relation.pairs, states);
      return pairs === none ? [] : [{ ...relation, pairs }];
    });
    return new Steps(diagrams, relations, diagrams.and(this.idle, states));
  }

  /** Returns the states that a step leads to from some states. */
  successors(states: number): number {
    const { diagrams, relations } = this;
    return relations.reduce(
      (union, relation) => diagrams.or(union, image(diagrams, states, relation)),
      diagrams.and(states, this.idle),
    );
  }

  /** Returns the states from which a step leads to some states. */
  predecessors(states: number): number {
    const { diagrams, relations } = this;
    return relations.reduce(
      (union, relation) => diagrams.or(union, preimage(diagrams, states, relation)),
      diagrams.and(states, this.idle),
    );
  }

  /** Returns these states, and those from which steps lead to them. Yields from time to time. */
  *backward(states: number, slices: Slices): Generator<void, number, undefined> {
    const { diagrams, relations } = this;
    return yield* closure(states, slices, (set) =>
      relations.reduce((union, relation) => diagrams.or(union, preimage(diagrams, union, relation)), set),
    );
  }

  /** Returns these states, and those that steps lead to from them inside a set. Yields from time to time. */
  *forward(states: number, within: number, slices: Slices): Generator<void, number, undefined> {
    const { diagrams, relations } = this;
    return yield* closure(states, slices, (set) =>
      relations.reduce(
        (union, relation) => diagrams.or(union, diagrams.and(image(diagrams, union, relation), within)),
        set,
      ),
    );
  }

  /** The diagrams that have to be kept. */
  *roots(): Generator<number> {
    yield this.idle;
    for (const { pairs } of this.relations) yield pairs;
  }
}

/** Repeats what may change a set until it does not. */
export function* closure(
  states: number,
  slices: Slices,
  round: (set: number) => number,
): Generator<void, number, undefined> {
  for (let [before, result] = [-1, states]; ; ) {
    if (before === result) return result;
    before = result;
    slices.held.push(before);
    result = yield* slices.run(() => round(before));
    slices.held.pop();
  }
}

/** Returns the steps of several choices. */
export function unionOf(diagrams: DecisionDiagrams, some: readonly Steps[]): Steps {
  const byId = new Map<number, Relation>();
  for (const relation of some.flatMap(({ relations }) => relations)) {
    const pairs = diagrams.or(byId.get(relation.id)?.pairs ?? none, relation.pairs);
    byId.set(relation.id, { ...relation, pairs });
  }
  const idle = some.reduce<number>((union, one) => diagrams.or(union, one.idle), none);
  return new Steps(diagrams, [...byId.values()], idle);
}

/** Returns the steps of a choice, whatever it does in the states that were visited. */
export function stepsOf(
  diagrams: DecisionDiagrams,
  variables: number,
  ids: RelationIds,
  { paths }: Pick<LearnedChoice, 'paths'>,
): Steps {
  const union = new RelationUnion(diagrams, variables, ids);
  let idle: number = none;
  for (const { outcome, domain, updates } of paths) {
    if (outcome !== StepOutcome.taken) continue;
    if (updates.size === 0) idle = diagrams.or(idle, domain);
    else union.add(domain, updates);
  }
  return new Steps(diagrams, union.relations, idle);
}
