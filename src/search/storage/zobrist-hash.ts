import type { BitField } from '../../model/state-layout.ts';
import { maskOf } from '../../model/state-layout.ts';
import type { AdditiveHash } from './additive-hash.ts';
import { mix32 } from './hash-mix.ts';

/**
 * 64 bits of fingerprint of a state, in two lanes: each is the sum of a number for each field and its value (A. Zobrist, 1970). Given the others,
 * each lane is a bijection of each field: states that differ in one field never collide.
 */
export class ZobristHash implements AdditiveHash {
  readonly blocks = 0;

  constructor(private readonly fields: readonly BitField[]) {}

  accumulate(state: Int32Array, into: Int32Array, at: number): void {
    into[at] = 0;
    into[at + 1] = 0;
    for (const [n, slot] of this.fields.entries()) addFeature(n, readField(slot, state), into, at);
  }
}

/** The value of a field. */
export const readField = (slot: BitField, state: Int32Array): number => (state[slot.at] >>> slot.shift) & maskOf(slot);

/** Adds to both lanes what stands for a value of a feature. */
export function addFeature(feature: number, value: number, into: Int32Array, at: number): void {
  into[at] = into[at] + mix32(mix32(value, 2 * feature), highSalt);
  into[at + 1] = into[at + 1] + mix32(mix32(value, 2 * feature + 1), lowSalt);
}

const highSalt = 0x2545f491;
const lowSalt = 0x7feb352d;
