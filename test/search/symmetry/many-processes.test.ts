import { compile, memoise, runEngine } from 'precopy';
import { describe, expect, it } from 'vitest';
import { actorSet, bit, bitmap } from '../../../src/model/declare.ts';
import { defineDesign } from '../../../src/model/define-design.ts';
import type { AnyDesign } from '../../../src/model/design.ts';
import { defineSystem, shared } from '../../../src/model/system.ts';
import { enumeratePermutations } from '../../../src/search/symmetry/permutation.ts';
import { symmetryReducedSearch } from '../../../src/search/symmetry/symmetry-search.ts';
import { explore } from '../../support/explore.ts';
import { sumOfOrbitSizes } from '../../support/orbits.ts';

/** What differs between the systems of these tests. */
interface Options {
  readonly workers: number;
  readonly kindOf?: (nth: number) => number;
  readonly perProcess?: readonly string[];
  readonly processSets?: readonly string[];
  /** cells of the list `mine`, bits of the bitmap `bits` and of the set `set`; as many as workers by default */
  readonly cells?: number;
  readonly bits?: number;
  readonly set?: number;
  /** payloads of `PICK`, which is an index in the role; 1 by default, for which it is none */
  readonly payloads?: number;
}

/** Workers that turn themselves on, one after another, up to three of them. */
function workersOn(options: Options): AnyDesign {
  const { workers, kindOf = () => 0, cells = workers, bits = workers, set = workers, payloads = 1 } = options;
  const system = defineSystem({
    name: 'workers',
    memory: () => ({
      m: shared({
        first: bit(),
        second: bit(),
        third: bit(),
        mine: Array.from({ length: cells }, () => bit()),
        bits: bitmap(bits),
        set: actorSet(set),
      }),
    }),
    actors: { worker: () => workers },
    tags: ['on'],
    symmetry: {
      role: 'worker',
      kindOf: (_, nth) => kindOf(nth),
      perProcess: options.perProcess ?? ['m.mine', 'm.bits'],
      processSets: options.processSets ?? ['m.set'],
      processIds: {},
      payloads: payloads > 1 ? ['whom'] : [],
    },
  });
  const worker = system
    .actor({ events: { PICK: { field: 'whom', size: () => payloads } } })
    .setup({
      actions: {
        take: ({ context: { m } }) => {
          if (m.second.get()) m.third.set(true);
          else if (m.first.get()) m.second.set(true);
          else m.first.set(true);
        },
      },
      guards: { isFree: ({ context: { m } }) => !m.third.get() },
    })
    .createMachine({
      id: 'worker',
      initial: 'off',
      states: {
        off: { on: { PICK: { guard: 'isFree', actions: 'take', target: 'on', meta: { coarse: 'one lock' } } } },
        on: { tags: ['on'] },
      },
    });
  return defineDesign({ id: 'workers', title: 'workers', system, machines: { worker }, properties: [] });
}

const search = (options: Options) => runEngine(symmetryReducedSearch(memoise(compile(workersOn(options)))));

describe('symmetry reduction of many processes', () => {
  it.each([8, 9, 16, 17, 31, 32])(
    'has all states of %i processes in its orbits, of which two are of a kind',
    (workers) => {
      const design = workersOn({ workers, kindOf: (nth) => Math.max(0, nth - 1) });
      const { states, verdict } = explore(design);
      expect(verdict).toBe('holds');
      expect(sumOfOrbitSizes(design, {})).toBe(states);
      expect(states).toBe(1 + workers + (workers * (workers - 1)) / 2 + (workers * (workers - 1) * (workers - 2)) / 6);
    },
  );

  it('has all states of 70 processes in its orbits', () => {
    const options = { perProcess: ['m.mine'], processSets: [], bits: 1, set: 1 };
    const design = workersOn({ workers: 70, kindOf: (nth) => Math.max(0, nth - 1), ...options });
    expect(sumOfOrbitSizes(design, {})).toBe(explore(design).states);
  });

  it.each([6, 12, 20, 32])(
    'is refused for %i interchangeable processes, before it enumerates n! permutations',
    (workers) => {
      expect(() => search({ workers })).toThrow(
        expect.objectContaining({
          code: 'NOT_SOUND',
          message: expect.stringMatching(/permutations of its actors, more than 120$/),
        }),
      );
    },
  );

  it('enumerates as many permutations as it counts', () => {
    expect(enumeratePermutations([0, 1, 0, 1, 0, 2])).toHaveLength(12);
  });

  it.each([
    ['0.2 and 0.7', (nth: number) => 0.2 + nth / 2],
    ['0 and 2^32', (nth: number) => nth * 2 ** 32],
    ['0 and NaN', (nth: number) => (nth === 0 ? 0 : Number.NaN)],
  ])('tells kinds apart that share 32 bits: %s', (_, kindOf) => {
    expect(search({ workers: 2, kindOf }).states).toBe(explore(workersOn({ workers: 2 })).states);
  });
});

describe('a declared symmetry without an image is refused', () => {
  it.each<[string, Options]>([
    ['a list with fewer cells than processes', { workers: 3, cells: 2 }],
    ['a bitmap with fewer bits than processes', { workers: 3, bits: 2 }],
    ['a set of fewer actors than processes', { workers: 3, set: 2 }],
    ['a payload with fewer values than processes', { workers: 3, payloads: 2 }],
  ])('%s', (_, options) => {
    expect(() => search(options)).toThrow(
      expect.objectContaining({ code: 'NOT_SOUND', message: expect.stringMatching(/has no image of its size/) }),
    );
  });

  it('a payload with more values than processes is permuted in part', () => {
    expect(search({ workers: 3, payloads: 5 }).states).toBe(4);
  });
});
