import { describe, expect, it } from 'vitest';
import { designs } from '../../machines/designs/index.ts';
import { startOfLog } from '../../properties/covers.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import { explore } from '../support/explore.ts';
import { isNightly } from '../support/nightly.ts';
import { counts } from './counts.ts';

const named = (id: string): AnyDesign => designs.find((design) => design.id === id) as AnyDesign;

/** Covers that are unreachable if logging is on from the start. */
const startsOf = ({ properties }: AnyDesign): string[] =>
  startOfLog.filter((cover) => properties.includes(cover)).map(({ id }) => id);

describe('a complete search', () => {
  const short = counts.filter(({ states }) => isNightly || states <= 150_000);
  for (const { design, params, missed = [], memoryModel = 'sc', ...expected } of short) {
    const size = Object.entries(params).map(([name, value]) => `${name} ${value}`);
    it(`of ${design} under ${memoryModel} with ${size.join(', ')} finds ${expected.states} states, and that every property holds`, () => {
      const { verdict, states, transitions, depth, properties, covers } = explore(
        { ...named(design), memoryModel },
        { loggingOn: 1, ...params },
      );
      expect({ states, transitions, depth }).toEqual(expected);
      expect(verdict).toBe('holds');
      expect(properties.filter((property) => property.verdict !== 'holds')).toEqual([]);
      const starts = params['loggingOn'] === 0 ? [] : startsOf(named(design));
      expect(covers.flatMap(({ id, hit }) => (hit ? [] : [id])).sort()).toEqual([...missed, ...starts].sort());
    });
  }
});
