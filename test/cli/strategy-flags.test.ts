import { describe, expect, it } from 'vitest';
import { type StrategyFlags, strategyOf } from '../../src/cli/options/strategy-flags.ts';

const refused: readonly (readonly [Partial<StrategyFlags>, string])[] = [
  [{ coverage: true, strategy: 'pct' }, '--coverage means nothing to --strategy pct'],
  [{ preemptions: 1, strategy: 'random' }, '--preemptions means nothing to --strategy random'],
  [{ runs: 5 }, '--runs means nothing to --strategy exhaustive'],
  [{ preemptions: 70_000 }, '--preemptions is 70000'],
  [{ checkpoint: 'here', strategy: 'swarm' }, '--checkpoint means nothing to --strategy swarm'],
  [{ checkpoint: 'here', liveness: true }, 'the search for liveness keeps no checkpoints'],
  [{ preemptions: 1, reductions: 'symmetry' }, '--reductions and --preemptions: who was preempted is not the same'],
  [{ preemptions: 1, liveness: true }, 'a fair run may have any number of preemptions'],
  [{ strategy: 'pos', liveness: true }, '--strategy pos says nothing of liveness: each of its schedules has an end'],
];

describe('how to search', () => {
  it.for(refused)('is not %j', ([flags, cause]) => {
    expect(() => strategyOf({ strategy: 'exhaustive', ...flags })).toThrow(cause);
  });

  it('is the same memory for a swarm, whatever it is made of', () => {
    const { swarm } = strategyOf({ strategy: 'swarm', seed: 5, maxMemory: 1 << 20, runs: 4 });
    expect(swarm).toEqual({ seed: 5, depth: 10_000, members: 4, bytes: 1 << 18 });
  });

  it('is what was asked for', () => {
    expect(strategyOf({ strategy: 'exhaustive', preemptions: 0, coverage: true })).toEqual({
      preemptions: 0,
      coverage: true,
    });
    expect(strategyOf({ strategy: 'exhaustive', reductions: 'both' })).toEqual({
      reductions: ['symmetry', 'partial-order'],
    });
    expect(strategyOf({ strategy: 'exhaustive', reductions: 'none', preemptions: 2 })).toEqual({ preemptions: 2 });
    expect(strategyOf({ strategy: 'pos', seed: 3 }).sampling).toMatchObject({ strategy: 'pos', seed: 3, depth: 200 });
  });
});
