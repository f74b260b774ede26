import type { BitField } from '../model/state-layout.ts';
import { maskOf } from '../model/state-layout.ts';

/** The read and write set of a step, by word: bits that are set were accessed. */
export interface AccessSets {
  readonly bitsRead: Int32Array;
  readonly bitsWritten: Int32Array;
}

/** Returns whether one of two steps writes a bit that the other one reads or writes. */
export function conflict(one: AccessSets, other: AccessSets): boolean {
  const { bitsWritten } = one;
  return (
    intersects(bitsWritten, other.bitsWritten) ||
    intersects(bitsWritten, other.bitsRead) ||
    intersects(one.bitsRead, other.bitsWritten)
  );
}

/** Returns whether two sets of bits intersect. */
export function intersects(one: Int32Array, other: Int32Array): boolean {
  for (let n = 0; n < one.length; n++) if ((one[n] & other[n]) !== 0) return true;
  return false;
}

/** Returns whether one set of bits is a subset of another. */
export function isSubset(one: Int32Array, other: Int32Array): boolean {
  for (let n = 0; n < one.length; n++) if ((one[n] & ~other[n]) !== 0) return false;
  return true;
}

/** Returns whether two states, or sets of bits, are equal. */
export function isEqual(one: Int32Array, other: Int32Array): boolean {
  for (let n = 0; n < one.length; n++) if (one[n] !== other[n]) return false;
  return true;
}

/** Returns whether two states are equal in these bits. */
export function equalUnderMask(one: Int32Array, other: Int32Array, bits: Int32Array): boolean {
  for (let n = 0; n < bits.length; n++) {
    if (((one[n] ^ other[n]) & bits[n]) !== 0) return false;
  }
  return true;
}

export function union(one: Int32Array, other: Int32Array): Int32Array {
  return one.map((word, n) => word | other[n]);
}

/** Returns the mask of a field within its word. */
export const bitsOf = (field: BitField): number => maskOf(field) << field.shift;

/** Returns the set of the bits of these fields, in a state of `words` words. */
export function bitsOfAll(fields: readonly BitField[], words: number): Int32Array {
  const bits = new Int32Array(words);
  for (const field of fields) bits[field.at] = bits[field.at] | bitsOf(field);
  return bits;
}

/** A patch of a state: for each changed word, its index, the mask of the bits to keep, and the bits to set. */
export type WordPatch = Int32Array;

/** Applies a patch to a state. */
export function applyPatch(patch: WordPatch, state: Int32Array): void {
  for (let n = 0; n < patch.length; n += 3) {
    const word = patch[n];
    state[word] = (state[word] & patch[n + 1]) | patch[n + 2];
  }
}

/** Returns the set of the bits that a patch writes, in a state of `words` words. */
export function bitsWrittenBy(patch: WordPatch, words: number): Int32Array {
  const bits = new Int32Array(words);
  for (let n = 0; n < patch.length; n += 3) bits[patch[n]] = ~patch[n + 1];
  return bits;
}
