import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { all, DecisionDiagrams, none } from '../../../src/search/symbolic/decision-diagrams.ts';
import { image, preimage, type Relation } from '../../../src/search/symbolic/relations.ts';
import { Saturation } from '../../../src/search/symbolic/saturation.ts';

const variables = 3;
const states = Array.from({ length: 1 << variables }, (_, n) => n);

/** Steps that write some variables: where they may start, and what they write there. */
interface Steps {
  /** mask of the written variables */
  readonly writes: number;
  readonly from: readonly number[];
  /** by state of `from`: values of the written variables */
  readonly to: readonly number[];
}

const anyState = fc.integer({ min: 0, max: states.length - 1 });
const anySteps: fc.Arbitrary<Steps> = fc
  .record({ writes: fc.integer({ min: 1, max: states.length - 1 }), pairs: fc.array(fc.tuple(anyState, anyState)) })
  .map(({ writes, pairs }) => ({ writes, from: pairs.map(([from]) => from), to: pairs.map(([, to]) => to) }));
const anySet = fc.uniqueArray(anyState);

const successor = ({ writes }: Steps, from: number, to: number): number => (from & ~writes) | (to & writes);

function setOf(diagrams: DecisionDiagrams, members: readonly number[]): number {
  return members.reduce((set, state) => diagrams.or(set, cube(diagrams, state, states.length - 1, 0)), none as number);
}

/** Returns the set of assignments that agree with a state in the variables of a mask. */
function cube(diagrams: DecisionDiagrams, state: number, mask: number, offset: 0 | 1): number {
  let set: number = all;
  for (let v = variables - 1; v >= 0; v--) {
    if (((mask >>> v) & 1) === 0) continue;
    const level = 2 * v + offset;
    const value = diagrams.variable(level);
    set = diagrams.and(set, ((state >>> v) & 1) === 1 ? value : diagrams.not(value));
  }
  return set;
}

function relationOf(diagrams: DecisionDiagrams, steps: Steps, id: number): Relation {
  const { writes, from, to } = steps;
  let pairs: number = none;
  for (const [n, state] of from.entries()) {
    const target = cube(diagrams, to[n] as number, writes, 1);
    pairs = diagrams.or(pairs, diagrams.and(cube(diagrams, state, states.length - 1, 0), target));
  }
  const written = [0, 1, 2].filter((v) => ((writes >>> v) & 1) === 1);
  return {
    id,
    writes: Uint8Array.from([0, 1, 2], (v) => (writes >>> v) & 1),
    firstWritten: written[0] as number,
    lastWritten: written.at(-1) as number,
    pairs,
  };
}

const edgesOf = (steps: Steps): [number, number][] =>
  steps.from.map((from, n) => [from, successor(steps, from, steps.to[n] as number)]);

describe('a relation', () => {
  it('leads to the successors of a set', () => {
    fc.assert(
      fc.property(anySteps, anySet, (steps, set) => {
        const diagrams = new DecisionDiagrams(1 << 12);
        const expected = edgesOf(steps).flatMap(([from, to]) => (set.includes(from) ? [to] : []));
        const found = image(diagrams, setOf(diagrams, set), relationOf(diagrams, steps, 0));
        expect(found).toBe(setOf(diagrams, expected));
      }),
    );
  });

  it('leads back to the predecessors of a set', () => {
    fc.assert(
      fc.property(anySteps, anySet, (steps, set) => {
        const diagrams = new DecisionDiagrams(1 << 12);
        const expected = edgesOf(steps).flatMap(([from, to]) => (set.includes(to) ? [from] : []));
        const found = preimage(diagrams, setOf(diagrams, set), relationOf(diagrams, steps, 0));
        expect(found).toBe(setOf(diagrams, expected));
      }),
    );
  });
});

describe('saturation', () => {
  it('adds all states that relations lead to', () => {
    fc.assert(
      fc.property(fc.array(anySteps, { maxLength: 4 }), anySet, (all, set) => {
        const diagrams = new DecisionDiagrams(1 << 14);
        const relations = all.map((steps, id) => relationOf(diagrams, steps, id));
        const reached = new Set(set);
        for (const state of reached) {
          for (const steps of all) for (const [from, to] of edgesOf(steps)) if (from === state) reached.add(to);
        }
        const closure = new Saturation(diagrams, relations, 0).closure(setOf(diagrams, set), 1 << 18);
        let turn = closure.next();
        while (!turn.done) turn = closure.next();
        expect(turn.value).toBe(setOf(diagrams, [...reached]));
      }),
    );
  });

  it('applies a relation that writes either value everywhere, and so depends on nothing', () => {
    const diagrams = new DecisionDiagrams(1 << 12);
    const either: Relation = {
      id: 0,
      writes: Uint8Array.from([0, 0, 1]),
      firstWritten: 2,
      lastWritten: 2,
      pairs: all,
    };
    const closure = new Saturation(diagrams, [either], 0).closure(setOf(diagrams, [1]), 1 << 18);
    expect(closure.next()).toEqual({ done: true, value: setOf(diagrams, [1, 5]) });
  });
});
