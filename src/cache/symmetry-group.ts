import type { StepSeen } from '../model/property.ts';
import type { BitField } from '../model/state-layout.ts';
import type { Effect } from './effect-cache.ts';

/** A step, as covers see it, and what its event calls its payload. */
export interface StepSignature {
  readonly seen: StepSeen;
  readonly field: string | undefined;
  /** equal for steps that covers cannot tell apart */
  readonly signature: number;
}

/** Ways to let actors change places, where states are taken for one another that differ in nothing else. */
export interface SymmetryGroup {
  /** how many ways there are; the first is the identity */
  readonly order: number;
  /** Fields, and behind them those without which they mean nothing. */
  withDependents(fields: readonly BitField[]): BitField[];
  /** Is told of every effect of a choice that is new. */
  checkEquivariance(choice: number, effect: Effect): void;
  /** Writes what a state becomes in the nth way. */
  rename(n: number, state: Int32Array, into: Int32Array): void;
  /** Writes where the bits of whole fields go in the nth way. */
  applyToMask(n: number, bits: Int32Array, into: Int32Array): void;
  /** The fields of a state on which these fields depend of what it becomes in the nth way. */
  preimage(n: number, fields: readonly BitField[]): BitField[];
  /** How a step is seen in the nth way. */
  imageOfStep(n: number, step: StepSignature): StepSeen;
}
