import type { StepOutcome } from '../../compile/program.ts';

/**
 * The steps out of a state, with the fingerprint of the state that each leads to. A state that is handed over has `sums` more words behind
 * it, for what is kept with it.
 */
export interface SuccessorGenerator {
  /** the numbers of the choices that can be taken, as many as `look` said */
  readonly choices: Int32Array;
  readonly hashWords: number;
  /** the fingerprint of where the step leads that was looked at last, not 0 0 */
  readonly high: number;
  readonly low: number;
  /** Writes the current state into an array, which is the initial one, with what is kept with it. */
  writeInitial(into: Int32Array): void;
  /** A block of states begins: keys of before mean nothing any more. */
  begin(): void;
  /** Makes the state current whose words begin at an index, and looks what can be taken in it; how much. */
  enumerate(from: Int32Array, evaluate: number): number;
  /** Looks at the nth. A guard may refuse it. */
  evaluate(n: number): StepOutcome;
  /** Makes the state current that the nth leads to, which was looked at last. */
  moveTo(n: number): void;
  /** By what `make` knows the nth. */
  transitionId(n: number): number;
  /** Makes the state that a step out of another one leads to. */
  materialize(transitionId: number, from: Int32Array, evaluate: number, into: Int32Array, to: number): void;
  /** Makes the state current that was made last, and is there. */
  load(made: Int32Array, evaluate: number): void;
  /**
   * Whether it is known without a look at the state that was made last, and is there, that it breaks no invariant and shows none of some covers that look
   * at states; the one before it broke and showed none. It need not be current.
   */
  isKnownSafe(transitionId: number, made: Int32Array, evaluate: number, covers: readonly number[]): boolean;
  /** Index in `properties` of the first invariant that the current state breaks, which was made last, or -1; the one before it broke none. */
  violated(transitionId: number): number;
  /** Whether the nth and the mth lead to the same state in either order; where it cannot tell, it says no. */
  commute(n: number, m: number): boolean;
  /** Whether the nth may show one of some covers that look at steps. */
  mayHitCover(n: number, covers: readonly number[]): boolean;
}
