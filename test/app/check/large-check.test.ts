import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { designs } from '../../../machines/designs/index.ts';
import type { PlanOptions } from '../../../src/app/check/check-plan.ts';
import { designsOfTheTalk, largeCheck } from '../../../src/app/check/large-check.ts';
import { breadthFirstSearch, compile, memoise, runEngine } from '../../../src/index.ts';
import type { AnyDesign } from '../../../src/model/design.ts';
import { symbolicSearch } from '../../../src/search/symbolic/symbolic-search.ts';
import { isNightly } from '../../support/nightly.ts';

describe('check --large', () => {
  it('checks the designs that docs/talk.md names', () => {
    const page = readFileSync(new URL('../../../docs/talk.md', import.meta.url), 'utf8');
    const named = designs.filter(({ id }) => page.includes(`| \`${id}\` |`) || page.includes(`| ${id} |`));
    expect([...designsOfTheTalk].sort()).toEqual(named.map(({ id }) => id).sort());
  });

  it('gives way to what is asked for, but not to another strategy', () => {
    const given: PlanOptions = { params: { pages: 3 }, maxSeconds: 5, strategy: 'exhaustive' };
    const { names, options } = largeCheck(['lazy-protect'], given);
    expect(names).toEqual(['lazy-protect']);
    expect(options).toMatchObject({
      params: { vcpus: 2, pages: 3, loggingOn: 1 },
      maxSeconds: 5,
      strategy: 'symbolic',
      checks: 'safety',
    });
  });

  for (const id of isNightly ? designsOfTheTalk : []) {
    it(`finds what the explicit search finds of ${id} at 2x2`, () => {
      const design = designs.find((one) => one.id === id) as AnyDesign;
      const program = () => compile(design, { vcpus: 2, pages: 2, loggingOn: 1 });
      const { verdict, states, transitions, covers } = runEngine(breadthFirstSearch(memoise(program())));
      expect(runEngine(symbolicSearch(program()))).toMatchObject({ verdict, states, transitions, covers });
      expect(verdict).toBe('holds');
    });
  }

  it.runIf(isNightly)(
    'counts 38,014,801 states of rmap-xchg at 2x3, as the explicit search did in half a minute',
    () => {
      const design = designs.find(({ id }) => id === 'rmap-xchg') as AnyDesign;
      const found = runEngine(symbolicSearch(compile(design, { vcpus: 2, pages: 3, loggingOn: 1 })));
      expect(found).toMatchObject({ verdict: 'holds', states: 38_014_801, transitions: 122_902_169 });
    },
  );
});
