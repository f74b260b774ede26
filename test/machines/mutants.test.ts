import { beforeAll, describe, expect, it } from 'vitest';
import { designs } from '../../machines/designs/index.ts';
import { mutants } from '../../machines/mutants/index.ts';
import { startOfLogMutants } from '../../machines/mutants/start-of-log.ts';
import { compile } from '../../src/compile/compile.ts';
import { replay } from '../../src/live/replay.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import type { Exploration } from '../../src/search/exploration.ts';
import { checkLiveness, explore } from '../support/explore.ts';
import { isNightly, nightly } from '../support/nightly.ts';
import { stepsOf } from './mutant-steps.ts';

const all = mutants as readonly AnyDesign[];

/**
 * Checks a mutant for what it has to break: something that must never happen, or something that has to come in the end.
 */
function check(
  mutant: AnyDesign,
  sizes: Readonly<Record<string, number>>,
  properties = mutant.properties,
): Exploration {
  const broken = mutant.properties.find(({ id }) => id === mutant.mutation?.breaks);
  const design = { ...mutant, properties };
  return broken?.kind === 'leads-to' ? checkLiveness(compile(design, sizes)) : explore(design, sizes);
}

describe('the mutants', () => {
  it('are at least thirty-five, of every design, each with a name of its own, and with the length of its race', () => {
    expect(all.filter(({ id }) => stepsOf[id] === undefined)).toEqual([]);
    expect(all.length).toBeGreaterThanOrEqual(35);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(new Set(all.map(({ mutantOf }) => mutantOf))).toEqual(new Set(designs.map(({ id }) => id)));
  });

  // A long race takes a long search: those come by night.
  const byDay = ({ id }: AnyDesign): boolean => isNightly || (stepsOf[id] ?? 0) <= 14;
  for (const mutant of all.filter(byDay)) {
    describe(mutant.id, () => {
      /** what is wrong later is found sooner where the log is on already */
      const sizes = startOfLogMutants.includes(mutant) ? {} : { loggingOn: 1 };
      const breaks = mutant.mutation?.breaks as string;

      let found: Exploration;
      beforeAll(() => {
        found = check(mutant, sizes);
      });

      it(`is caught in ${stepsOf[mutant.id]} steps, and its counterexample happens on live actors`, () => {
        const { verdict, violation } = found;
        expect(verdict).toBe('violated');
        const trace = replay(mutant, sizes, violation?.schedule ?? [], violation?.cycle);
        expect(trace.violation?.property).toBe(violation?.property);
        const length = (violation?.schedule.length ?? 0) + (violation?.cycle?.length ?? 0);
        expect(length).toBe(stepsOf[mutant.id]);
        expect(trace.steps).toHaveLength(length);
      });

      for (const asked of nightly([breaks])) {
        it(`breaks ${asked}, whatever else it breaks first`, () => {
          const properties = mutant.properties.filter(({ id }) => id === breaks);
          expect(properties).toHaveLength(1);
          const { violation } = found.violation?.property === breaks ? found : check(mutant, sizes, properties);
          expect(violation?.property).toBe(breaks);
        });
      }
    });
  }
});
