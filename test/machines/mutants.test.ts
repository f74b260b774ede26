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

/** Checks the kind of property that a mutant has to break: safety or liveness. */
function check(
  mutant: AnyDesign,
  params: Readonly<Record<string, number>>,
  properties = mutant.properties,
): Exploration {
  const broken = mutant.properties.find(({ id }) => id === mutant.mutation?.breaks);
  const design = { ...mutant, properties };
  return broken?.kind === 'leads-to' ? checkLiveness(compile(design, params)) : explore(design, params);
}

describe('the mutants', () => {
  it('are at least 35, of every design, each with its own name and a pinned length of its counterexample', () => {
    expect(all.filter(({ id }) => stepsOf[id] === undefined)).toEqual([]);
    expect(all.length).toBeGreaterThanOrEqual(35);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(new Set(all.map(({ mutantOf }) => mutantOf))).toEqual(new Set(designs.map(({ id }) => id)));
  });

  // A long counterexample takes a long search: the nightly suite has those.
  const byDay = ({ id }: AnyDesign): boolean => isNightly || (stepsOf[id] ?? 0) <= 12;
  for (const mutant of all.filter(byDay)) {
    describe(mutant.id, () => {
      /** a bug after the start of the log is found sooner if the log is already on */
      const params = startOfLogMutants.includes(mutant) ? {} : { loggingOn: 1 };
      const breaks = mutant.mutation?.breaks as string;

      let found: Exploration;
      beforeAll(() => {
        found = check(mutant, params);
      });

      it(`is caught in ${stepsOf[mutant.id]} steps, and its counterexample happens on live actors`, () => {
        const { verdict, violation } = found;
        expect(verdict).toBe('violated');
        const trace = replay(mutant, params, violation?.schedule ?? [], violation?.cycle);
        expect(trace.violation?.property).toBe(violation?.property);
        const length = (violation?.schedule.length ?? 0) + (violation?.cycle?.length ?? 0);
        expect(length).toBe(stepsOf[mutant.id]);
        expect(trace.steps).toHaveLength(length);
      });

      for (const property of nightly([breaks])) {
        it(`breaks ${property} if it is the only property`, () => {
          const properties = mutant.properties.filter(({ id }) => id === breaks);
          expect(properties).toHaveLength(1);
          const { violation } = found.violation?.property === breaks ? found : check(mutant, params, properties);
          expect(violation?.property).toBe(breaks);
        });
      }
    });
  }
});
