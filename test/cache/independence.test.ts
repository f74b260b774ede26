import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Effect, EffectCache } from '../../src/cache/effect-cache.ts';
import { IndependenceRelation } from '../../src/cache/independence.ts';
import { StepOutcome } from '../../src/compile/program.ts';

const effectCount = 120;

/** Effects of steps that access nothing: two are independent if and only if both steps are taken. */
const effectsOf = (taken: readonly boolean[]): EffectCache => {
  const nothing = new Int32Array(1);
  const effects = taken.map(
    (isTaken): Partial<Effect> => ({
      outcome: isTaken ? StepOutcome.taken : StepOutcome.refused,
      bitsRead: nothing,
      bitsWritten: nothing,
    }),
  );
  return { effects } as unknown as EffectCache;
};

it('the independence relation computes each pair of effects once, and remembers what it computed', () => {
  const anyEffects = fc.array(fc.boolean(), { minLength: effectCount, maxLength: effectCount });
  fc.assert(
    fc.property(anyEffects, fc.integer({ min: 1, max: effectCount - 1 }), (taken, stride) => {
      const relation = new IndependenceRelation(effectsOf(taken));
      let computed = 0;
      const state = (): Int32Array => {
        computed++;
        return new Int32Array(1);
      };
      const pairs = taken.flatMap((_, one) =>
        [0, 1, 2, 3, 4, 5, 6, 7, 8].map((n) => [one, (one + n * stride) % effectCount]),
      );
      const distinct = new Set(pairs.map(String)).size;
      for (let pass = 0; pass < 2; pass++) {
        const wrong = pairs.filter(
          ([one = 0, other = 0]) =>
            relation.areIndependent(one, one, other, other, state) !== (taken[one] && taken[other]),
        );
        expect(wrong).toEqual([]);
        expect(computed).toBe(distinct);
      }
    }),
    { numRuns: 20 },
  );
});
