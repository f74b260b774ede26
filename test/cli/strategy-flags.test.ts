import { describe, expect, it } from 'vitest';
import { type StrategyFlags, strategyOf } from '../../src/cli/strategy-flags.ts';

const refused: readonly (readonly [Partial<StrategyFlags>, string])[] = [
  [{ coverage: true, strategy: 'pct' }, '--coverage means nothing to --strategy pct'],
  [{ preemptions: 1, strategy: 'random' }, '--preemptions means nothing to --strategy random'],
  [{ runs: 5 }, '--runs means nothing to --strategy exhaustive'],
  [{ preemptions: 70_000 }, '--preemptions is 70000'],
  [{ coverage: true, checkpoint: 'here' }, '--checkpoint and --coverage: a checkpoint does not keep the counts'],
  [{ preemptions: 1, reductions: 'symmetry' }, '--reductions and --preemptions: who was preempted is not the same'],
  [{ preemptions: 1, liveness: true }, 'a fair run may have any number of preemptions'],
  [{ strategy: 'pos', liveness: true }, 'schedules that are drawn say nothing of liveness'],
];

describe('how to search', () => {
  it.for(refused)('is not %j', ([flags, cause]) => {
    expect(() => strategyOf({ strategy: 'exhaustive', ...flags })).toThrow(cause);
  });

  it('is what was asked for', () => {
    expect(strategyOf({ strategy: 'exhaustive', preemptions: 0, coverage: true })).toEqual({
      preemptions: 0,
      coverage: true,
    });
    expect(strategyOf({ strategy: 'exhaustive', reductions: 'none', preemptions: 2 })).toEqual({ preemptions: 2 });
    expect(strategyOf({ strategy: 'pos', seed: 3 }).sampling).toMatchObject({ strategy: 'pos', seed: 3, depth: 200 });
  });
});
