import { randomInt } from 'node:crypto';
import type { SampleOptions } from '../explore/sample.ts';
import type { StrategyName } from '../explore/strategy.ts';
import { PrecopyError } from '../model/errors.ts';

/** The options of the command line that say how to search. */
export interface StrategyFlags {
  readonly strategy: StrategyName | 'exhaustive';
  readonly seed?: number;
  readonly runs?: number;
  readonly depth?: number;
  readonly bugDepth?: number;
  readonly maxStates?: number;
  readonly reductions?: 'none' | 'symmetry';
}

/**
 * How schedules are to be drawn, if they are.
 * @throws PrecopyError `BAD_PARAMETER` for an option that the strategy has no use for
 */
export function samplingOf({
  strategy,
  seed,
  runs,
  depth,
  bugDepth,
  maxStates,
  reductions,
}: StrategyFlags): SampleOptions | undefined {
  const refuse = (option: string, value: unknown, others: string): void => {
    if (value === undefined) return;
    throw new PrecopyError('BAD_PARAMETER', `${option} means nothing to --strategy ${strategy}`, `it is for ${others}`);
  };
  if (strategy !== 'pct') refuse('--bug-depth', bugDepth, '--strategy pct');
  if (strategy === 'exhaustive') {
    for (const [option, value] of Object.entries({ '--seed': seed, '--runs': runs, '--depth': depth })) {
      refuse(option, value, '--strategy random, pct and pos');
    }
    return undefined;
  }
  refuse('--max-states', maxStates, '--strategy exhaustive');
  refuse('--reductions', reductions, '--strategy exhaustive');
  return {
    strategy,
    seed: seed ?? randomInt(2 ** 31),
    runs: runs ?? 10_000,
    depth: depth ?? 200,
    bugDepth: bugDepth ?? 3,
  };
}
