import { type BitField, maskOf } from '../../model/state-layout.ts';
import { drawSalts, highNumber, lowNumber, saltsPerField } from './salts.ts';

/**
 * A state hash that is a sum, so that the effect of a transition on it depends on the fields that the transition
 * changes and is a constant of the transition. It has two 32-bit lanes for the whole state, and two for each block of
 * the state that symmetry may exchange with others.
 */
export interface AdditiveHash {
  /** number of blocks */
  readonly blocks: number;
  /** Writes the lanes of a state to `into` from `at` on: those of the whole state, then those of each block. */
  accumulate(state: Int32Array, into: Int32Array, at: number): void;
}

/**
 * Zobrist hash of a state by fields (A. Zobrist: A New Hashing Method with Application for Game Playing, 1970). Each
 * lane is the sum of a number for each field and its value. Given the other fields, a lane is a bijection of each
 * field, so states that differ in one field never collide. The numbers are computed rather than tabulated, as fields
 * may have 32 bits: from salts that are drawn for each field and lane.
 *
 * `Fingerprint` is the same by words. It hashes a whole state faster, but the effect of a transition on it depends on
 * all fields of the changed words.
 */
export class ZobristHash implements AdditiveHash {
  readonly blocks = 0;
  private readonly salts: Int32Array;

  constructor(private readonly fields: readonly BitField[]) {
    this.salts = drawSalts(fields.length, zobristStream);
  }

  accumulate(state: Int32Array, into: Int32Array, at: number): void {
    into[at] = 0;
    into[at + 1] = 0;
    for (const [n, field] of this.fields.entries()) addFeature(this.salts, n, readField(field, state), into, at);
  }
}

/** Returns the value of a field. */
export const readField = (field: BitField, state: Int32Array): number =>
  (state[field.at] >>> field.shift) & maskOf(field);

/** Adds the numbers of a feature and its value to the two lanes at `at`. */
export function addFeature(salts: Int32Array, feature: number, value: number, into: Int32Array, at: number): void {
  into[at] += highNumber(salts, saltsPerField * feature, value);
  into[at + 1] += lowNumber(salts, saltsPerField * feature, value);
}

const zobristStream = 1;

/**
 * Returns 32 bits that depend on all bits of a value and a salt: the finalizer of MurmurHash3. It is a bijection of the
 * value.
 */
export function mix32(value: number, salt: number): number {
  let mixed = value ^ Math.imul(salt + 1, 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}
