import type { Slot } from '../model/memory.ts';
import type { StepSeen } from '../model/property.ts';
import type { Effect } from './effects.ts';

/** A step, as covers see it, and what its event calls its payload. */
export interface StepMade {
  readonly seen: StepSeen;
  readonly field: string | undefined;
  /** equal for steps that covers cannot tell apart */
  readonly look: number;
}

/** Ways to let actors change places, where states are taken for one another that differ in nothing else. */
export interface Renamed {
  /** how many ways there are; the first is the identity */
  readonly ways: number;
  /** Fields, and behind them those without which they mean nothing. */
  closed(fields: readonly Slot[]): Slot[];
  /** Is told of every effect of a choice that is new. */
  prove(choice: number, effect: Effect): void;
  /** Writes what a state becomes in the nth way. */
  rename(n: number, state: Int32Array, into: Int32Array): void;
  /** Writes where the bits of whole fields go in the nth way. */
  move(n: number, bits: Int32Array, into: Int32Array): void;
  /** The fields of a state on which these fields depend of what it becomes in the nth way. */
  before(n: number, fields: readonly Slot[]): Slot[];
  /** How a step is seen in the nth way. */
  seenAs(n: number, step: StepMade): StepSeen;
}
