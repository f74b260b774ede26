import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyPatch,
  bitsOfAll,
  bitsWrittenBy,
  conflict,
  equalUnderMask,
  intersects,
  isEqual,
  isSubset,
  union,
  type WordPatch,
} from '../../src/cache/access-sets.ts';

const words = 2;
const allBits = Array.from({ length: 32 * words }, (_, bit) => bit);

/** Sets of few bits, or of all but a few, so that equal and disjoint ones are frequent. */
const anySet = fc
  .tuple(fc.array(fc.nat(allBits.length - 1), { maxLength: 3 }), fc.boolean())
  .map(([bits, isComplement]) => allBits.filter((bit) => bits.includes(bit) !== isComplement));

const packed = (bits: readonly number[]): Int32Array => {
  const set = new Int32Array(words);
  for (const bit of bits) set[bit >> 5] = (set[bit >> 5] ?? 0) | (1 << (bit & 31));
  return set;
};
const bitsIn = (set: Int32Array): number[] => allBits.filter((bit) => ((set[bit >> 5] as number) >>> (bit & 31)) & 1);

/** Patches keep the bits outside of `written`, and set those of `values` in it. */
const patchOf = (written: readonly number[], values: readonly number[]): WordPatch => {
  const [mask, bits] = [packed(written), packed(values.filter((bit) => written.includes(bit)))];
  return Int32Array.from([...mask].flatMap((word, n) => (word === 0 ? [] : [n, ~word, bits[n] as number])));
};

const holds = (sets: number, check: (...sets: number[][]) => void): void =>
  fc.assert(fc.property(fc.tuple(...Array.from({ length: sets }, () => anySet)), (all) => check(...all)));

const meet = (one: readonly number[], other: readonly number[]): boolean => one.some((bit) => other.includes(bit));

describe('sets of bits', () => {
  it('intersect, are subsets and are equal like sets', () => {
    holds(2, (one = [], other = []) => {
      expect(intersects(packed(one), packed(other))).toBe(meet(one, other));
      expect(isSubset(packed(one), packed(other))).toBe(one.every((bit) => other.includes(bit)));
      expect(isEqual(packed(one), packed(other))).toBe(one.join() === other.join());
      expect(bitsIn(union(packed(one), packed(other)))).toEqual(
        allBits.filter((bit) => one.includes(bit) || other.includes(bit)),
      );
    });
  });

  it('are compared under a mask', () => {
    holds(3, (one = [], other = [], mask = []) => {
      const differing = allBits.filter((bit) => one.includes(bit) !== other.includes(bit));
      expect(equalUnderMask(packed(one), packed(other), packed(mask))).toBe(!meet(differing, mask));
    });
  });

  it('conflict if one step writes what the other reads or writes', () => {
    holds(4, (read = [], written = [], otherRead = [], otherWritten = []) => {
      const [one, other] = [
        { bitsRead: packed(read), bitsWritten: packed(written) },
        { bitsRead: packed(otherRead), bitsWritten: packed(otherWritten) },
      ];
      expect(conflict(one, other)).toBe(
        meet(written, otherWritten) || meet(written, otherRead) || meet(read, otherWritten),
      );
    });
  });

  it('are those of fields that share words', () => {
    const fields = [
      { at: 0, shift: 3, width: 2 },
      { at: 0, shift: 31, width: 1 },
      { at: 1, shift: 0, width: 32 },
    ];
    expect(bitsIn(bitsOfAll(fields, words))).toEqual([3, 4, 31, ...allBits.slice(32)]);
  });
});

describe('a patch', () => {
  it('changes the bits that it writes, and no others', () => {
    holds(3, (before = [], written = [], values = []) => {
      const state = packed(before);
      const patch = patchOf(written, values);
      applyPatch(patch, state);
      expect(bitsIn(state)).toEqual(allBits.filter((bit) => (written.includes(bit) ? values : before).includes(bit)));
      expect(bitsIn(bitsWrittenBy(patch, words))).toEqual(written);
    });
  });
});
