import { describe, expect, it } from 'vitest';
import { all, DecisionDiagrams, OutOfNodes } from '../../../src/search/symbolic/decision-diagrams.ts';
import { Slices } from '../../../src/search/symbolic/slices.ts';

/** Returns the set in which each of the first variables equals that far below it: 3 * 2^pairs nodes. */
function distantPairs(diagrams: DecisionDiagrams, pairs: number): number {
  let set: number = all;
  for (let n = pairs - 1; n >= 0; n--) {
    set = diagrams.and(set, diagrams.equal(diagrams.variable(2 * n), diagrams.variable(2 * (n + pairs))));
  }
  return set;
}

/** Does a piece of work, and returns its result and the number of pauses. */
function driven<T>(work: Generator<void, T, undefined>): { readonly result: T; readonly pauses: number } {
  for (let pauses = 0; ; pauses++) {
    const turn = work.next();
    if (turn.done) return { result: turn.value, pauses };
  }
}

describe('work in slices', () => {
  it('pauses within an operation, and has the same result', () => {
    const diagrams = new DecisionDiagrams(1 << 19);
    const slices = new Slices(diagrams, () => []);
    const { result, pauses } = driven(slices.run(() => distantPairs(diagrams, 16)));
    expect(pauses).toBeGreaterThan(0);
    expect(result).toBe(distantPairs(diagrams, 16));
  });

  it('frees what is not needed when memory does not last', () => {
    const diagrams = new DecisionDiagrams(800);
    const kept = distantPairs(diagrams, 3);
    const slices = new Slices(diagrams, () => [kept]);
    const sizes = [5, 6, 5, 6].map((pairs) => {
      return driven(slices.run(() => diagrams.size(distantPairs(diagrams, pairs)))).result;
    });
    expect(sizes).toEqual([93, 189, 93, 189]);
    expect(distantPairs(diagrams, 3)).toBe(kept);
  });

  it('fails if what is needed does not fit into memory', () => {
    const diagrams = new DecisionDiagrams(100);
    const slices = new Slices(diagrams, () => []);
    expect(() => driven(slices.run(() => distantPairs(diagrams, 7)))).toThrow(OutOfNodes);
  });
});
