import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { designs } from '../../../machines/designs/index.ts';
import { mutants } from '../../../machines/mutants/index.ts';
import { memoise } from '../../../src/cache/cached-program.ts';
import type { SuccessorCache } from '../../../src/cache/successor-cache.ts';
import { compile } from '../../../src/compile/compile.ts';
import { StepOutcome } from '../../../src/compile/program.ts';
import type { AnyDesign } from '../../../src/model/design.ts';
import { breadthFirstSearch } from '../../../src/search/bfs/breadth-first-search.ts';
import type { Exploration } from '../../../src/search/exploration.ts';
import { runEngine } from '../../../src/search/run-engine.ts';
import { EnabledChoices } from '../../../src/search/successors/enabled-choices.ts';
import { symmetryReducedSearch } from '../../../src/search/symmetry/symmetry-search.ts';
import { designsByDay, designsOrMutants, isNightly } from '../../support/nightly.ts';

const small = { vcpus: 1, pages: 1, loggingOn: 1 };
const search = (
  design: AnyDesign,
  partialOrder: boolean,
  sizes: Readonly<Record<string, number>> = small,
): Exploration => runEngine(breadthFirstSearch(memoise(compile(design, sizes)), { partialOrder }));

/** A result without the figures that depend on the number of transitions. */
const sameWithout = ({ transitions, collisionProbability, reductions, tableBytes, ...rest }: Exploration): object =>
  rest;

describe('a search with sleep sets', () => {
  for (const design of designsOrMutants.filter(({ memoryModel }) => memoryModel !== 'tso')) {
    it(`of ${design.id} has the states, covers and counterexample of the full search`, () => {
      const [all, reduced] = [search(design, false), search(design, true)];
      expect(sameWithout(reduced)).toEqual(sameWithout(all));
      expect(reduced.transitions).toBeLessThanOrEqual(all.transitions);
      expect(reduced.reductions).toEqual(['partial-order']);
    });
  }

  it('omits more than 4 of 9 transitions with two vCPUs', () => {
    const two = { vcpus: 2, pages: 1, loggingOn: 1 };
    const design = designs[0] as AnyDesign;
    const [all, reduced] = [search(design, false, two), search(design, true, two)];
    expect(sameWithout(reduced)).toEqual(sameWithout(all));
    expect(all.transitions / reduced.transitions).toBeGreaterThan(1.8);
  });

  it('has the states and the result of the search under symmetry alone', () => {
    const alike = { vcpus: 3, pages: 1, loggingOn: 1, emulatingVcpus: 0 };
    const noFlush = (mutants as readonly AnyDesign[]).find(({ id }) => id === 'rmap-xchg/no-flush') as AnyDesign;
    for (const design of isNightly ? [designs[2] as AnyDesign, noFlush] : [noFlush]) {
      const by = (partialOrder: boolean): Exploration =>
        runEngine(symmetryReducedSearch(memoise(compile(design, alike)), { partialOrder }));
      const [symmetric, both] = [by(false), by(true)];
      expect(sameWithout(both)).toEqual(sameWithout(symmetric));
      expect(both.reductions).toEqual(['symmetry', 'partial-order']);
      expect(symmetric.transitions / both.transitions).toBeGreaterThan(1.5);
    }
  });

  it('omits nothing with store buffers', () => {
    expect(search({ ...(designs[0] as AnyDesign), memoryModel: 'tso' }, true).reductions).toBeUndefined();
  });
});

describe('independent choices', () => {
  it('lead to the same state in either order, on random walks of every design', () => {
    for (const design of designsByDay) {
      const sizes = { vcpus: 2, pages: 2, loggingOn: 1 };
      const plain = compile(design, sizes);
      const offers = new EnabledChoices(plain);
      const remembered = memoise(compile(design, sizes));
      const successors = remembered.successors as SuccessorCache;
      const endOf = (state: Int32Array, ...choices: number[]): string => {
        plain.state.set(state);
        return choices.every((choice) => offers.tryTake(choice) === StepOutcome.taken) ? plain.state.join() : 'refused';
      };
      fc.assert(
        fc.property(fc.array(fc.nat(), { minLength: 60, maxLength: 60 }), (numbers) => {
          remembered.reset();
          for (const number of numbers) {
            const here = Int32Array.from(remembered.state);
            const count = successors.enumerate();
            if (count === 0) return;
            const choices = [...successors.choices.subarray(0, count)];
            const [n, m] = [number % count, (number >> 4) % count];
            if (n !== m && successors.areIndependent(n, m, () => here)) {
              const [one, other] = [choices[n] as number, choices[m] as number];
              expect([design.id, endOf(here, one, other)]).toEqual([design.id, endOf(here, other, one)]);
              expect(endOf(here, one, other)).not.toBe('refused');
            }
            successors.take(n);
          }
        }),
        { numRuns: isNightly ? 40 : 4 },
      );
    }
  });
});
