import { describe, expect, it } from 'vitest';
import { isNightly } from '../support/nightly.ts';
import { describeFailure } from './describe.ts';
import { comparisons } from './engines.ts';
import { type Failure, fuzzOne } from './fuzz.ts';
import { kinds } from './generate.ts';

/** Most states of a system, and number of systems of each kind. */
const [maxStates, count] = isNightly ? [1500, 60] : [250, 10];

const textOf = (failure: Failure): string => `${failure.message}\n\n${describeFailure(failure)}`;

describe('engines and the reference model checker agree on random systems', () => {
  for (const kind of kinds) {
    it(`of the kind ${kind}`, () => {
      for (let seed = 0; seed < count; seed++) {
        // In the unit suite, breadth-first search and two other comparisons of each system, in turns.
        const isChosen = (_: unknown, n: number): boolean => n === 0 || (n + seed) % 8 < 1;
        const failure = fuzzOne(
          kind,
          seed,
          maxStates,
          isNightly ? () => true : (one) => isChosen(one, comparisons.indexOf(one)),
        );
        expect(failure && textOf(failure)).toBeUndefined();
      }
    });
  }
});
