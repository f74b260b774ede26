import { describe, expect, it } from 'vitest';
import { designs } from '../../machines/designs/index.ts';
import { startOfLog } from '../../properties/covers.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import { explore } from '../support/explore.ts';
import { isNightly } from '../support/nightly.ts';
import { counts } from './counts.ts';
import type { PinnedCount } from './pinned-count.ts';

const named = (id: string): AnyDesign => designs.find((design) => design.id === id) as AnyDesign;

/** Covers that are unreachable if logging is on from the start. */
const startsOf = ({ properties }: AnyDesign): string[] =>
  startOfLog.filter((cover) => properties.includes(cover)).map(({ id }) => id);

/** By day, searches of few states, and the shortest one of each design. */
const isShort = ({ design, states }: PinnedCount): boolean =>
  states <= 10_000 || states === Math.min(...counts.filter((one) => one.design === design).map((one) => one.states));

describe('a complete search', () => {
  for (const { design, params, missed = [], memoryModel = 'sc', ...expected } of counts.filter(
    (one) => isNightly || isShort(one),
  )) {
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
