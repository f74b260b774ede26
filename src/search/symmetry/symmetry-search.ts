import type { Program } from '../../compile/program.ts';
import { breadthFirstSearch, type Limits, type SearchServices } from '../bfs/breadth-first-search.ts';
import type { Exploration, Progress, StopReason } from '../exploration.ts';
import { SymmetryReducedProgram } from './symmetry.ts';

/**
 * As `exhaustive`, with states taken for one another that differ only in which actor is which. The counterexample is one of the system itself,
 * and still one of the shortest.
 * @throws PrecopyError `NOT_SOUND` where that is not the same question
 */
export function* symmetryReducedSearch(
  program: Program,
  limits: Limits = {},
  outside: SearchServices = {},
): Generator<Progress, Exploration, StopReason | undefined> {
  const symmetric = new SymmetryReducedProgram(program);
  const found = yield* breadthFirstSearch(symmetric, limits, outside);
  const { violation } = found;
  return {
    ...found,
    reductions: [...(symmetric.order > 1 ? (['symmetry'] as const) : []), ...(found.reductions ?? [])],
    ...(violation && {
      violation: { ...violation, schedule: symmetric.concretize(violation.schedule, violation.property) },
    }),
  };
}
