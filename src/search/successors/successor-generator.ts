import type { StepOutcome } from '../../compile/program.ts';

/**
 * Generates the successors of a state, with their fingerprints. A state is passed as an array and the offset of its
 * words in it; `hashWords` words of its incremental hash follow the state vector.
 */
export interface SuccessorGenerator {
  /** ids of the enabled choices, as many as `enumerate` returned */
  readonly choices: Int32Array;
  /** words of the incremental hash */
  readonly hashWords: number;
  /** fingerprint of the successor that was evaluated last; never 0 0 */
  readonly high: number;
  readonly low: number;
  /** Writes the current state, which is the initial one, and its hash. */
  writeInitial(into: Int32Array): void;
  /** memory of the generator and its caches, in bytes */
  readonly bytes: number;
  /** true if the caches exceed their limit: they are cleared when the next block begins */
  readonly isFull: boolean;
  /**
   * Begins a block of states. Invalidates transition ids.
   * @param maxBytes memory that the generator and its caches may take
   */
  begin(maxBytes: number): void;
  /** Loads a state and enumerates its enabled choices. Returns their number. */
  enumerate(from: Int32Array, at: number): number;
  /** Returns whether the enumerated state is a race for owned memory. All its choices must have been evaluated. */
  hasOwnedRace(): boolean;
  /** Computes the fingerprint of the nth successor. A guard may still refuse the choice. */
  evaluate(n: number): StepOutcome;
  /** Moves the program to the nth successor. `evaluate(n)` must have been the last call. */
  moveTo(n: number): void;
  /** Returns the id of the nth transition, for `materialize`. */
  transitionId(n: number): number;
  /** Writes the successor of a state by a transition. */
  materialize(transitionId: number, from: Int32Array, at: number, into: Int32Array, to: number): void;
  /** Moves the program to the state that was materialized last, which is at `at`. */
  load(from: Int32Array, at: number): void;
  /**
   * Returns true if the cache proves that the last materialized state violates no invariant and hits no open cover.
   * Assumes the same of its predecessor. The program need not be in that state.
   * @param openCovers covers that depend on the state alone
   */
  isKnownSafe(transitionId: number, from: Int32Array, at: number, openCovers: readonly number[]): boolean;
  /**
   * Returns the index in `properties` of the first invariant that the last materialized state violates, or -1. The
   * program must be in that state, and its predecessor must violate none.
   */
  violated(transitionId: number): number;
  /** Returns whether the nth and the mth choice are independent. False if that is not known. */
  areIndependent(n: number, m: number): boolean;
  /** Returns whether the nth transition may hit one of these covers, which depend on a step. */
  mayHitCover(n: number, openCovers: readonly number[]): boolean;
}
