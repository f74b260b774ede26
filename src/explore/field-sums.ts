import type { Slot } from '../model/memory.ts';
import { maskOf } from '../model/watched-layout.ts';
import { mix } from './mix.ts';
import type { Sums } from './sums.ts';

/**
 * 64 bits of fingerprint of a state, in two lanes: each is the sum of a number for each field and its value (A. Zobrist, 1970). Given the others,
 * each lane is a bijection of each field: states that differ in one field never collide.
 */
export class FieldSums implements Sums {
  readonly blocks = 0;

  constructor(private readonly fields: readonly Slot[]) {}

  of(state: Int32Array, into: Int32Array, at: number): void {
    into[at] = 0;
    into[at + 1] = 0;
    for (const [n, slot] of this.fields.entries()) add(n, fieldIn(slot, state), into, at);
  }
}

/** The value of a field. */
export const fieldIn = (slot: Slot, state: Int32Array): number =>
  ((state[slot.at] as number) >>> slot.shift) & maskOf(slot);

/** Adds to both lanes what stands for a value of a feature. */
export function add(feature: number, value: number, into: Int32Array, at: number): void {
  into[at] = (into[at] as number) + mix(mix(value, 2 * feature), highSalt);
  into[at + 1] = (into[at + 1] as number) + mix(mix(value, 2 * feature + 1), lowSalt);
}

const highSalt = 0x2545f491;
const lowSalt = 0x7feb352d;
