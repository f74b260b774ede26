import { describe, expect, it } from 'vitest';
import { isNightly } from '../support/nightly.ts';
import { describeFailure } from './describe.ts';
import { type Comparison, comparisons } from './engines.ts';
import { type Failure, fuzzOne } from './fuzz.ts';
import { type Kind, kinds } from './generate.ts';

/** Most states of a system, and number of systems of each kind. */
const [maxStates, count] = isNightly ? [1500, 60] : [250, 7];

/** The comparisons that systems of a kind are made for. */
const comparisonsOf: Readonly<Partial<Record<Kind, readonly string[]>>> = {
  ending: ['dpor'],
  liveness: ['liveness', 'symbolic liveness'],
  symmetric: ['symmetry'],
};

const textOf = (failure: Failure): string => `${failure.message}\n\n${describeFailure(failure)}`;

describe('engines and the reference model checker agree on random systems', () => {
  for (const kind of kinds) {
    it(`of the kind ${kind}`, () => {
      for (let seed = 0; seed < count; seed++) {
        // In the unit suite: breadth-first search, the comparisons of the kind, and two others of each system, in
        // turns.
        const isChosen = (one: Comparison): boolean => {
          const n = comparisons.indexOf(one);
          return isNightly || n === 0 || comparisonsOf[kind]?.includes(one.name) || (n + seed) % 8 < 1;
        };
        const failure = fuzzOne(kind, seed, maxStates, isChosen);
        expect(failure && textOf(failure)).toBeUndefined();
      }
    });
  }
});
