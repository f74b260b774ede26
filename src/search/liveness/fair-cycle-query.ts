import type { StateGraph } from './state-graph.ts';

/** Bits of the label of a state, for one leads-to property. */
export const StateLabel = {
  /** `to` does not hold */
  unanswered: 1,
  /** `from` holds */
  from: 2,
  /** condition of the first strong fairness premise; the bits above are those of the next premises */
  firstPremise: 4,
} as const;

const request = StateLabel.from | StateLabel.unanswered;
/** Returns whether the states with a label are requests: `from` holds, and `to` does not. */
export const isRequest = (label: number): boolean => (label & request) === request;

/** A fairness constraint on a graph: a set of choices. It is enabled in a state that has an edge of one of them. */
export interface FairnessConstraint {
  /**
   * true for strong fairness: infinitely often enabled implies infinitely often taken; false for weak: continuously
   * enabled does
   */
  readonly strong: boolean;
  /** restricts the constraint to states with this label; 0 for all states */
  readonly label: number;
}

/** The question whether a fair run violates a leads-to property: reaches a request, and is unanswered from there on. */
export interface FairCycleQuery {
  readonly graph: StateGraph;
  /** by state: the class of states with its labels */
  readonly classOf: Uint32Array;
  /** by class: bits of `StateLabel` */
  readonly labelOf: Uint8Array;
  readonly constraints: readonly FairnessConstraint[];
  /** by choice: indices of the constraints that contain it */
  readonly constraintsOf: readonly (readonly number[])[];
  /** by choice: 1 if a run may take it infinitely often */
  readonly allowedInfinitelyOften: Uint8Array;
}
