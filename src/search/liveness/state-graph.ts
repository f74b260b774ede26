/** All states that a program can reach, by number in the order of discovery, and the steps between them. */
export interface Graph {
  readonly states: number;
  /** by state: where its edges begin; one more at the end */
  readonly first: Uint32Array;
  /** by edge: the state that it leads to, and the number of the choice that is taken */
  readonly target: Uint32Array;
  readonly choice: Uint32Array;
}

/** Bits of the marks of a state. Those from `firstPremise` on say which strong premises count there. */
export const StateLabel = {
  /** what has to come does not hold here */
  open: 1,
  /** it is owed here: what it has to follow holds, and it does not */
  owed: 2,
  firstPremise: 4,
} as const;

/** A demand of fairness, on a graph. */
export interface FairnessConstraint {
  readonly strong: boolean;
  /** counts only states with this mark; 0 where all count */
  readonly mark: number;
}

/** Whether some fair run comes to a state where something is owed, and never to one where it is given. */
export interface FairCycleQuery {
  readonly graph: Graph;
  /** by state */
  readonly marks: Uint8Array;
  readonly demands: readonly FairnessConstraint[];
  /** by choice: the demands that it meets */
  readonly demandsOf: readonly (readonly number[])[];
  /** by choice: whether it may happen for ever */
  readonly allowedInfinitelyOften: Uint8Array;
}
