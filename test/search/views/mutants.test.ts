import { type AnyDesign, breadthFirstSearch, compile, memoise, PrecopyError, runEngine } from 'precopy';
import { expect, it } from 'vitest';
import { mutants } from '../../../machines/mutants/index.ts';
import { checkKindOf } from '../../../src/model/design.ts';
import type { Property } from '../../../src/model/property.ts';
import { viewsOf } from '../../../src/search/views/any-number.ts';
import { ProcessFamily } from '../../../src/search/views/process-family.ts';
import { isNightly } from '../../support/nightly.ts';

/** A mutant with nothing but the property that it breaks, at one page. */
function alone(mutant: AnyDesign): { readonly design: AnyDesign; readonly params: Readonly<Record<string, number>> } {
  const { breaks = '', params } = mutant.mutation ?? {};
  const properties = (mutant.properties as readonly Property[]).filter(({ id }) => id === breaks);
  return { design: { ...mutant, properties }, params: { pages: 1, loggingOn: 1, emulatingVcpus: 0, ...params } };
}

const isOfSafety = ({ mutation, properties }: AnyDesign): boolean =>
  (properties as readonly Property[]).every((one) => one.id !== mutation?.breaks || checkKindOf(one) === 'safety');

/** Returns true if two vCPUs show the bug. */
function showsAtTwo(design: AnyDesign, params: Readonly<Record<string, number>>): boolean {
  const program = memoise(compile(design, { ...params, vcpus: 2 }));
  return (
    runEngine(breadthFirstSearch(program), ({ states }) => (states > 2e6 ? 'max-states' : undefined)).verdict ===
    'violated'
  );
}

/** What the views say of a property: an alarm, nothing within the time, that it is proved, or why they are refused. */
function answerOfViews(
  design: AnyDesign,
  params: Readonly<Record<string, number>>,
): 'alarm' | 'undecided' | 'proved' | 'refused' {
  try {
    const { search } = viewsOf(new ProcessFamily(design, params));
    for (const part of [search.explore(), search.findDeadlocks()]) {
      for (let n = 0; ; n++) {
        const { done, value } = part.next();
        if (done && value) return 'alarm';
        if (done) break;
        if (n > 4000 || search.configurations > 400_000) return 'undecided';
      }
    }
    return 'proved';
  } catch (error) {
    if (error instanceof PrecopyError && error.code === 'NOT_SOUND') return 'refused';
    throw error;
  }
}

// Every eighth one: all of them take more than ten minutes.
const cases = mutants
  .filter(isOfSafety)
  .filter((_, n) => n % 8 === 0)
  .map((mutant) => ({ id: mutant.id, ...alone(mutant) }));

it.skipIf(!isNightly).each(cases)('views prove nothing of $id that two vCPUs violate', ({ design, params }) => {
  const answer = answerOfViews(design, params);
  if (showsAtTwo(design, params)) expect(answer).not.toBe('proved');
});
