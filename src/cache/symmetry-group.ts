import type { StepOutcome } from '../compile/program.ts';
import type { Step } from '../model/property.ts';
import type { BitField } from '../model/state-layout.ts';
import type { WordPatch } from './access-sets.ts';

/** A step as covers see it, with the name of its payload. */
export interface StepSignature {
  readonly step: Step;
  readonly field: string | undefined;
  /** equal for steps that covers cannot distinguish */
  readonly signature: number;
}

/** The effect of a step in all states that agree with `sampleState` in `fields`. */
export interface StepEffect {
  readonly outcome: StepOutcome;
  /** the fields that it reads or writes: first those that it reads, in the order of the reads */
  readonly fields: readonly BitField[];
  readonly sampleState: Int32Array;
  readonly patch: WordPatch;
}

/** A group of permutations of interchangeable actors. States that a permutation maps to each other are identified. */
export interface SymmetryGroup {
  /** number of permutations; the first one is the identity */
  readonly order: number;
  /** memory of what was proved so far, in bytes */
  readonly bytes: number;
  /** Forgets what was proved so far. */
  clear(): void;
  /** Returns these fields, followed by those that determine their meaning. */
  withDependents(fields: readonly BitField[]): BitField[];
  /**
   * Checks that all permutations preserve a new effect of a choice.
   * @throws PrecopyError `NOT_SOUND` if one does not
   */
  checkEquivariance(choice: number, effect: StepEffect): void;
  /** Writes the image of a state under the nth permutation. */
  apply(n: number, state: Int32Array, into: Int32Array): void;
  /** Writes the image of a mask of whole fields under the nth permutation. */
  applyToMask(n: number, bits: Int32Array, into: Int32Array): void;
  /** Returns the preimage of a set of fields under the nth permutation. */
  preimage(n: number, fields: readonly BitField[]): BitField[];
  /** Returns the image of a step under the nth permutation. */
  imageOfStep(n: number, step: StepSignature): Step;
}
