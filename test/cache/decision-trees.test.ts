import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DecisionTrees } from '../../src/cache/decision-trees.ts';
import type { BitField } from '../../src/model/state-layout.ts';

const words = 4;
const anyState = fc.array(fc.integer(), { minLength: words, maxLength: words }).map((all) => Int32Array.from(all));
const slots: BitField[] = [
  { at: 0, shift: 0, width: 1 },
  { at: 0, shift: 7, width: 11 },
  { at: 1, shift: 31, width: 1 },
  { at: 2, shift: 0, width: 32 },
  { at: 3, shift: 4, width: 3 },
];
const fieldOf = ({ at, shift, width }: BitField, state: Int32Array): number =>
  ((state[at] as number) >>> shift) & (width === 32 ? -1 : (1 << width) - 1);

/**
 * Evaluates a property that reads a third field only if the first is set. Returns its value and the fields that it
 * read.
 */
function ask(order: readonly BitField[], state: Int32Array): { says: number; read: BitField[] } {
  const [first, second, third] = order as [BitField, BitField, BitField];
  const read = fieldOf(first, state) & 1 ? [first, second, third] : [first, second];
  return { says: read.reduce((sum, slot) => sum + fieldOf(slot, state), 0) & 0xffff, read };
}

describe('decision trees', () => {
  it('say of a state what they learned of one that agrees in what was read, or nothing', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(slots, { minLength: 3 }), fc.array(anyState), anyState, (order, known, other) => {
        const trees = new DecisionTrees();
        const root = trees.newTree();
        for (const state of known) {
          const { says, read } = ask(order, state);
          if (trees.find(root, state) < 0) trees.insert(root, read, state, says);
          expect(trees.find(root, state)).toBe(says);
        }
        const found = trees.find(root, other);
        if (found >= 0) expect(found).toBe(ask(order, other).says);
      }),
    );
  });

  it('are walked four at a time to the same leaves, of a state that stands among others', () => {
    const four = fc.tuple(...[0, 1, 2, 3].map(() => fc.shuffledSubarray(slots, { minLength: 3 })));
    fc.assert(
      fc.property(four, fc.array(anyState), anyState, (orders, known, state) => {
        const trees = new DecisionTrees();
        const roots = Int32Array.from([0, ...orders.map(() => trees.newTree())]);
        orders.forEach((order, n) => {
          const root = roots[n + 1] as number;
          for (const one of known.slice(n)) {
            if (trees.find(root, one) < 0) trees.insert(root, ask(order, one).read, one, ask(order, one).says);
          }
        });
        for (const one of [...known, state]) {
          const leaves = new Int32Array(4);
          trees.findFour(roots, 1, Int32Array.from([7, ...one, 9]), 1, leaves);
          expect([...leaves]).toEqual([...roots.subarray(1)].map((root) => trees.find(root, one)));
        }
      }),
    );
  });

  it('say nothing where there are more fields than they can tell apart', () => {
    const trees = new DecisionTrees();
    const state = new Int32Array(600);
    const roots = Array.from({ length: 600 }, (_, at) => {
      const root = trees.newTree();
      trees.insert(root, [{ at, shift: 0, width: 1 }], state, at);
      return root;
    });
    const found = roots.map((root) => trees.find(root, state));
    expect(found.slice(0, 500)).toEqual(Array.from({ length: 500 }, (_, at) => at));
    expect(found.at(-1)).toBe(-1);
  });

  it.each<[string, number[]]>([
    ['other bits of the word are read first', [1]],
    ['another word is read first', [2]],
    ['nothing is read', []],
    ['more is read than decided the value', [0, 3]],
    ['the same is read', [0]],
  ])('reject a second value, for which %s: it is no function of the state', (_, read) => {
    const trees = new DecisionTrees();
    const root = trees.newTree();
    const state = new Int32Array(words);
    trees.insert(root, [slots[0] as BitField], state, 1);
    const fields = read.map((n) => slots[n] as BitField);
    expect(() => trees.insert(root, fields, state, 2)).toThrow(/differed between two states with the same values/);
    expect(trees.find(root, state)).toBe(1);
  });
});
