import type { Step } from '../model/property.ts';
import type { BitField } from '../model/state-layout.ts';
import type { Effect } from './effect-cache.ts';

/** A step as covers see it, with the name of its payload. */
export interface StepSignature {
  readonly step: Step;
  readonly field: string | undefined;
  /** equal for steps that covers cannot distinguish */
  readonly signature: number;
}

/** A group of permutations of interchangeable actors. States that a permutation maps to each other are identified. */
export interface SymmetryGroup {
  /** number of permutations; the first one is the identity */
  readonly order: number;
  /** Returns these fields, followed by those that determine their meaning. */
  withDependents(fields: readonly BitField[]): BitField[];
  /**
   * Checks that all permutations preserve a new effect of a choice.
   * @throws PrecopyError `NOT_SOUND` if one does not
   */
  checkEquivariance(choice: number, effect: Effect): void;
  /** Writes the image of a state under the nth permutation. */
  apply(n: number, state: Int32Array, into: Int32Array): void;
  /** Writes the image of a mask of whole fields under the nth permutation. */
  applyToMask(n: number, bits: Int32Array, into: Int32Array): void;
  /** Returns the preimage of a set of fields under the nth permutation. */
  preimage(n: number, fields: readonly BitField[]): BitField[];
  /** Returns the image of a step under the nth permutation. */
  imageOfStep(n: number, step: StepSignature): Step;
}
