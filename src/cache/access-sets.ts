import { maskOf } from '../model/instrumented-layout.ts';
import type { BitField } from '../model/state-layout.ts';

/** What a step did to the bits of a state, by word: what decides whether the order of two steps matters. */
export interface AccessSets {
  readonly bitsRead: Int32Array;
  readonly bitsWritten: Int32Array;
}

/** Whether one of two steps writes what the other one reads or writes. */
export function conflict(one: AccessSets, other: AccessSets): boolean {
  const { bitsWritten } = one;
  return (
    intersects(bitsWritten, other.bitsWritten) ||
    intersects(bitsWritten, other.bitsRead) ||
    intersects(one.bitsRead, other.bitsWritten)
  );
}

/** Whether two sets of bits have some in common. */
export function intersects(one: Int32Array, other: Int32Array): boolean {
  for (let n = 0; n < one.length; n++) if ((one[n] & other[n]) !== 0) return true;
  return false;
}

/** Whether all bits of one set are in another one. */
export function isSubset(one: Int32Array, other: Int32Array): boolean {
  for (let n = 0; n < one.length; n++) if ((one[n] & ~other[n]) !== 0) return false;
  return true;
}

/** Whether two states, or sets of bits, are the same. */
export function isEqual(one: Int32Array, other: Int32Array): boolean {
  for (let n = 0; n < one.length; n++) if (one[n] !== other[n]) return false;
  return true;
}

/** Whether two states are the same in some bits. */
export function equalUnderMask(one: Int32Array, other: Int32Array, bits: Int32Array): boolean {
  for (let n = 0; n < bits.length; n++) {
    if (((one[n] ^ other[n]) & bits[n]) !== 0) return false;
  }
  return true;
}

export function union(one: Int32Array, other: Int32Array): Int32Array {
  return one.map((word, n) => word | other[n]);
}

/** The bits of a field, where they are in their word. */
export const bitsOf = (slot: BitField): number => maskOf(slot) << slot.shift;

/** The bits of some fields of a state of so many words. */
export function bitsOfAll(slots: readonly BitField[], words: number): Int32Array {
  const bits = new Int32Array(words);
  for (const slot of slots) bits[slot.at] = bits[slot.at] | bitsOf(slot);
  return bits;
}

/** Changes of a state: by changed word its number, the bits that stay, the bits that are set. */
export type WordPatch = Int32Array;

/** Carries out changes on a state. */
export function applyPatch(writes: WordPatch, state: Int32Array): void {
  for (let n = 0; n < writes.length; n += 3) {
    const word = writes[n];
    state[word] = (state[word] & writes[n + 1]) | writes[n + 2];
  }
}

/** The bits that changes write in a state of so many words. */
export function bitsWrittenBy(writes: WordPatch, words: number): Int32Array {
  const bits = new Int32Array(words);
  for (let n = 0; n < writes.length; n += 3) bits[writes[n]] = ~writes[n + 1];
  return bits;
}
