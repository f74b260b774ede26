import { describe, expect, it } from 'vitest';
import { engineNames, engines, optionSpecs, type SearchOptions, withDefaults } from '../../../src/app/check/engines.ts';
import { assertCombinable, isSafetyOnly } from '../../../src/app/check/option-combinations.ts';
import { engineOption, searchOptionsOf } from '../../../src/cli/options/strategy-flags.ts';

const refused: readonly (readonly [SearchOptions, string])[] = [
  [{ coverage: true, strategy: 'pct' }, '--coverage cannot be combined with --strategy pct'],
  [{ preemptions: 1, strategy: 'random' }, '--preemptions cannot be combined with --strategy random'],
  [{ runs: 5 }, '--runs cannot be combined with --strategy exhaustive'],
  [{ preemptions: 70_000 }, '--preemptions is 70000'],
  [{ checkpoint: 'here', strategy: 'swarm' }, '--checkpoint cannot be combined with --strategy swarm'],
  [
    { preemptions: 1, reductions: ['symmetry'] },
    '--reductions cannot be combined with --preemptions: symmetric states',
  ],
  [{ coverage: true, reductions: ['symmetry'] }, '--reductions cannot be combined with --coverage: a reduced search'],
];

const refusedWithLiveness: readonly (readonly [SearchOptions, string])[] = [
  [{ checkpoint: 'here' }, '--checkpoint cannot be combined with --liveness: the search for fair cycles writes no'],
  [{ preemptions: 1 }, '--preemptions cannot be combined with --liveness: a fair run may have any number'],
  [{ coverage: true }, '--coverage cannot be combined with --liveness: the search for fair cycles counts no'],
  [{ strategy: 'pos' }, '--strategy pos cannot be combined with --liveness: each of its schedules is finite'],
];

describe('the table of engines', () => {
  it.for(refused)('refuses %j', ([options, cause]) => {
    expect(() => assertCombinable(options)).toThrow(cause);
  });

  it('refuses several workers for a strategy of one thread', () => {
    for (const strategy of ['random', 'pct', 'pos', 'bitstate', 'dpor'] as const)
      expect(() => assertCombinable({ strategy, workers: 2 })).toThrow('searches on one thread, not on 2');
    for (const strategy of ['exhaustive', 'swarm'] as const)
      expect(() => assertCombinable({ strategy, workers: 2 })).not.toThrow();
  });

  it.for(refusedWithLiveness)('refuses %j for liveness only', ([options, cause]) => {
    expect(() => assertCombinable(options)).not.toThrow();
    expect(() => assertCombinable(options, 'liveness')).toThrow(cause);
  });

  it('has a flag for each option of each engine', () => {
    for (const name of engineNames) {
      for (const option of engines[name].options) {
        expect(engineOption(option).long).toBe(optionSpecs[option].flag);
        expect(engineOption(option).description).toContain(name);
      }
    }
  });

  it('gives each engine its defaults', () => {
    expect(withDefaults({ strategy: 'pos', seed: 3 })).toMatchObject({ seed: 3, runs: 10_000, depth: 200 });
    expect(withDefaults({ strategy: 'swarm', runs: 4 })).toMatchObject({ runs: 4, maxMemoryBytes: 2 ** 28 });
    expect(withDefaults({ strategy: 'pct' }).seed).not.toBe(withDefaults({ strategy: 'pct' }).seed);
    expect(engineOption('depth').description).toContain('(random, pct, pos: 200; bitstate, swarm: 10k; dpor: 5)');
  });

  it('knows what decides safety only', () => {
    expect(isSafetyOnly({})).toBe(false);
    expect(isSafetyOnly({ strategy: 'dpor' })).toBe(true);
    expect(isSafetyOnly({ preemptions: 0 })).toBe(true);
  });
});

describe('the flags of a search', () => {
  it('become its options', () => {
    expect(searchOptionsOf({ strategy: 'exhaustive', preemptions: 0, coverage: true, time: 5 })).toEqual({
      strategy: 'exhaustive',
      preemptions: 0,
      coverage: true,
      maxSeconds: 5,
    });
    expect(searchOptionsOf({ strategy: 'exhaustive', reductions: 'both' })).toEqual({
      strategy: 'exhaustive',
      reductions: ['symmetry', 'partial-order'],
    });
    expect(searchOptionsOf({ strategy: 'exhaustive', reductions: 'none', preemptions: 2 })).toEqual({
      strategy: 'exhaustive',
      preemptions: 2,
    });
    expect(searchOptionsOf({ strategy: 'bitstate', maxMemory: 1 << 20 }).maxMemoryBytes).toBe(1 << 20);
  });
});
