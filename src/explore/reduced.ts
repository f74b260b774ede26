import type { Program } from '../compile/program.ts';
import { exhaustive, type Limits, type Outside } from './exhaustive.ts';
import type { Exploration, Progress, StopReason } from './result.ts';
import { Symmetric } from './symmetry.ts';

/**
 * As `exhaustive`, with states taken for one another that differ only in which actor is which. The counterexample is one of the system itself,
 * and still one of the shortest.
 * @throws PrecopyError `NOT_SOUND` where that is not the same question
 */
export function* exhaustiveBySymmetry(
  program: Program,
  limits: Limits = {},
  outside: Outside = {},
): Generator<Progress, Exploration, StopReason | undefined> {
  const symmetric = new Symmetric(program);
  const found = yield* exhaustive(symmetric, limits, outside);
  const { violation } = found;
  return {
    ...found,
    reductions: [...(symmetric.ways > 1 ? (['symmetry'] as const) : []), ...(found.reductions ?? [])],
    ...(violation && {
      violation: { ...violation, schedule: symmetric.breaking(violation.schedule, violation.property) },
    }),
  };
}
