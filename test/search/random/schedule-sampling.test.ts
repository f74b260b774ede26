import { describe, expect, it } from 'vitest';
import { rmapXchg } from '../../../machines/designs/index.ts';
import { mutants } from '../../../machines/mutants/index.ts';
import { compile } from '../../../src/compile/compile.ts';
import { replay } from '../../../src/live/replay.ts';
import type { AnyDesign } from '../../../src/model/design.ts';
import type { Exploration } from '../../../src/search/exploration.ts';
import { type SampleOptions, sampleSchedules } from '../../../src/search/random/schedule-sampling.ts';
import { runEngine } from '../../../src/search/run-engine.ts';
import { HyperLogLog } from '../../../src/search/storage/hyperloglog.ts';
import { type ThreadsView, threads } from '../../support/threads.ts';

const few = { seed: 7, runs: 300, depth: 150, bugDepth: 3 };
const draw = (design: AnyDesign, options: Partial<SampleOptions>, sizes = {}): Exploration =>
  runEngine(sampleSchedules(compile(design, sizes), { strategy: 'random', ...few, ...options }));
const mutant = (id: string): AnyDesign => (mutants as readonly AnyDesign[]).find((one) => one.id === id) as AnyDesign;

describe('schedules that are drawn', () => {
  for (const strategy of ['random', 'pct', 'pos'] as const) {
    it(`by ${strategy} are the same for the same seed, and find a bug that live actors confirm`, () => {
      const design = mutant('rmap-xchg/pause-not-awaited');
      const found = draw(design, { strategy });
      expect(found.verdict).toBe('violated');
      expect(found).toEqual(draw(design, { strategy }));
      const { violation } = replay(design, {}, found.violation?.schedule ?? []);
      expect(violation?.property).toBe(found.violation?.property);
    });

    it(`by ${strategy} differ by the seed`, () => {
      const one = { vcpus: 1, pages: 1 };
      const stepsOf = (seed: number) => draw(mutant('rmap-xchg/no-flush'), { strategy, seed }, one).sampled?.stepsFound;
      expect(new Set([1, 2, 3].map(stepsOf)).size).toBeGreaterThan(1);
    });
  }

  it('prove nothing: where none breaks a property, the verdict is open', () => {
    const found = draw(rmapXchg, { runs: 20, depth: 30 }, { vcpus: 1, pages: 1 });
    expect(found).toMatchObject({ verdict: 'inconclusive', stoppedBy: 'runs', sampled: { runs: 20, depth: 30 } });
    expect(found.properties.map(({ verdict }) => verdict)).not.toContain('holds');
    expect(found.depth).toBe(31);
  });

  it('say about how many states they saw', () => {
    for (const many of [10, 100_000]) {
      const distinct = new HyperLogLog();
      for (let n = 0; n < 2 * many; n++) distinct.addState(Int32Array.of(n % many, 7));
      expect(Math.abs(distinct.estimate / many - 1)).toBeLessThan(0.03);
    }
  });

  it('end where nothing can happen, which is a violation where that is a deadlock', () => {
    const found = draw(
      threads([['w0'], ['w0']], ({ properties }) => [properties.noDeadlock({ id: 'goes-on', description: '' })]),
      {},
    );
    expect(found.violation).toMatchObject({ property: 'goes-on' });
    expect(found.violation?.schedule).toHaveLength(2);
  });

  it('stop when they are told to', () => {
    const sampling = sampleSchedules(compile(rmapXchg), { strategy: 'random', ...few, runs: 1e9 });
    sampling.next();
    expect(sampling.next('interrupt').value).toMatchObject({ verdict: 'inconclusive', stoppedBy: 'interrupt' });
  });
});

describe('PCT', () => {
  /** All of thread 1 has to come between the two steps of thread 0: a bug of depth 2, which takes one change of priority. */
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

  it('says how likely it is at least to find a bug of its depth, and finds it as often', () => {
    const options = { strategy: 'pct', depth: 5, bugDepth: 2, runs: 1 } as const;
    const probability = draw(design, options).sampled?.bound?.probability as number;
    expect(probability).toBeCloseTo(1 / (2 * 5));
    const seeds = Array.from({ length: 300 }, (_, seed) => seed);
    const program = compile(design);
    const isFound = (seed: number) => runEngine(sampleSchedules(program, { ...options, seed })).verdict === 'violated';
    const hits = seeds.filter(isFound).length;
    expect(hits / seeds.length).toBeGreaterThan(probability);
  });
});
