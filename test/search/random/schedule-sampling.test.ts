import { describe, expect, it } from 'vitest';
import { rmapXchg } from '../../../machines/designs/index.ts';
import { mutants } from '../../../machines/mutants/index.ts';
import { memoise } from '../../../src/cache/cached-program.ts';
import { compile } from '../../../src/compile/compile.ts';
import { replay } from '../../../src/live/replay.ts';
import type { AnyDesign } from '../../../src/model/design.ts';
import type { Exploration } from '../../../src/search/exploration.ts';
import { type SampleOptions, sampleSchedules } from '../../../src/search/random/schedule-sampling.ts';
import { runEngine } from '../../../src/search/run-engine.ts';
import { HyperLogLog } from '../../../src/search/storage/hyperloglog.ts';
import { type ThreadsView, threads } from '../../support/threads.ts';

const defaults = { seed: 7, runs: 300, depth: 150, bugDepth: 3 };
const sample = (design: AnyDesign, options: Partial<SampleOptions>, params = {}): Exploration =>
  runEngine(sampleSchedules(memoise(compile(design, params)), { strategy: 'random', ...defaults, ...options }));
const mutant = (id: string): AnyDesign =>
  (mutants as readonly AnyDesign[]).find((design) => design.id === id) as AnyDesign;

describe('schedule sampling', () => {
  for (const strategy of ['random', 'pct', 'pos'] as const) {
    it(`by ${strategy} gives equal results for equal seeds, and finds a bug that live actors confirm`, () => {
      const design = mutant('rmap-xchg/pause-not-awaited');
      const exploration = sample(design, { strategy });
      expect(exploration.verdict).toBe('violated');
      expect(exploration).toEqual(sample(design, { strategy }));
      const { violation } = replay(design, {}, exploration.violation?.schedule ?? []);
      expect(violation?.property).toBe(exploration.violation?.property);
    });

    it(`by ${strategy} gives other results for other seeds`, () => {
      const params = { vcpus: 1, pages: 1 };
      const stepsOf = (seed: number) =>
        sample(mutant('rmap-xchg/no-flush'), { strategy, seed }, params).sampled?.stepsFound;
      expect(new Set([1, 2, 3].map(stepsOf)).size).toBeGreaterThan(1);
    });
  }

  it('is inconclusive if no schedule violates a property', () => {
    const exploration = sample(rmapXchg, { runs: 20, depth: 30 }, { vcpus: 1, pages: 1 });
    expect(exploration).toMatchObject({ verdict: 'inconclusive', stoppedBy: 'runs', sampled: { runs: 20, depth: 30 } });
    expect(exploration.properties.map(({ verdict }) => verdict)).not.toContain('holds');
    expect(exploration.depth).toBe(31);
  });

  it('estimates the number of distinct states', () => {
    for (const count of [10, 100_000]) {
      const sketch = new HyperLogLog();
      for (let n = 0; n < 2 * count; n++) sketch.addState(Int32Array.of(n % count, 7));
      expect(Math.abs(sketch.estimate / count - 1)).toBeLessThan(0.03);
    }
  });

  it('reports a deadlock', () => {
    const exploration = sample(
      threads([['w0'], ['w0']], ({ properties }) => [properties.noDeadlock({ id: 'goes-on', description: '' })]),
      {},
    );
    expect(exploration.violation).toMatchObject({ property: 'goes-on' });
    expect(exploration.violation?.schedule).toHaveLength(2);
  });

  it('stops for a given reason', () => {
    const sampling = sampleSchedules(compile(rmapXchg), { strategy: 'random', ...defaults, runs: 1e9 });
    sampling.next();
    expect(sampling.next('interrupt').value).toMatchObject({ verdict: 'inconclusive', stoppedBy: 'interrupt' });
  });
});

describe('PCT', () => {
  /** All of thread 1 has to run between the two steps of thread 0: a bug of depth 2, which needs one change point. */
  const design = threads(
    [
      ['-', '-'],
      ['-', '-', '-'],
    ],
    ({ properties }) => [
      properties.never(
        { id: 'in-between', description: '' },
        ({ mem }: ThreadsView) => mem.pc(0).get() === 1 && mem.pc(1).get() === 3,
      ),
    ],
  );

  it('finds a bug of its depth at least as often as its detection bound says', () => {
    const options = { strategy: 'pct', depth: 5, bugDepth: 2, runs: 1 } as const;
    const probability = sample(design, options).sampled?.bound?.probability as number;
    expect(probability).toBeCloseTo(1 / (2 * 5));
    const seeds = Array.from({ length: 300 }, (_, seed) => seed);
    const program = compile(design);
    const isDetected = (seed: number) =>
      runEngine(sampleSchedules(program, { ...options, seed })).verdict === 'violated';
    const hits = seeds.filter(isDetected).length;
    expect(hits / seeds.length).toBeGreaterThan(probability);
  });
});
