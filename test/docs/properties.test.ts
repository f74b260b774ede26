import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { designs } from '../../machines/designs/index.ts';
import { mutants } from '../../machines/mutants/index.ts';
import { startOfLogMutants } from '../../machines/mutants/start-of-log.ts';
import { compile } from '../../src/compile/compile.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import type { Property } from '../../src/model/property.ts';
import type { Exploration } from '../../src/search/exploration.ts';
import { checkLiveness, explore } from '../support/explore.ts';
import { nightly } from '../support/nightly.ts';

const page = readFileSync(new URL('../../docs/properties.md', import.meta.url), 'utf8');
const rows = page
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim().replaceAll('`', '')));
const worth = rows.filter((cells) => cells.length === 6) as [string, string, string, string, string, string][];

const propertiesOf = ({ properties }: AnyDesign): readonly Property[] => properties;

/**
 * Searches breadth first, so a counterexample is a shortest one; for liveness if the property is a leads-to property.
 */
function check(design: AnyDesign, kind: Property['kind'], params: Readonly<Record<string, number>>): Exploration {
  return kind === 'leads-to' ? checkLiveness(compile(design, params)) : explore(design, params);
}

describe('docs/properties.md', () => {
  it('has a row for each property of each design', () => {
    const asked = (designs as readonly AnyDesign[]).flatMap(propertiesOf).filter(({ kind }) => kind !== 'cover');
    expect(rows.map(([, id]) => id).sort()).toEqual([...new Set(asked.map(({ id }) => id))].sort());
  });

  for (const [, id, name, how, at] of nightly(worth)) {
    it(`is right that ${id} finds ${name} ${how}`, () => {
      const mutant = (mutants as readonly AnyDesign[]).find((one) => one.id === name) as AnyDesign;
      const kind = propertiesOf(mutant).find((property) => property.id === id)?.kind as Property['kind'];
      const asked = [...at.matchAll(/(\w+)=(\d+)/g)].map(([, param, value]) => [param, Number(value)]);
      const params = { ...(startOfLogMutants.includes(mutant) ? {} : { loggingOn: 1 }), ...Object.fromEntries(asked) };

      const withIt = check(mutant, kind, params);
      expect(withIt.violation?.property).toBe(id);
      const others = propertiesOf(mutant).filter((property) => property.id !== id);
      const without = check({ ...mutant, properties: others }, kind, params);
      if (how === 'alone') expect(without.verdict).toBe('holds');
      else expect(without.violation?.schedule.length).toBeGreaterThan(withIt.violation?.schedule.length as number);
    });
  }
});
