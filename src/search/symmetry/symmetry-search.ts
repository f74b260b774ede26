import type { Program } from '../../compile/program.ts';
import { breadthFirstSearch, type Limits, type SearchServices } from '../bfs/breadth-first-search.ts';
import type { Engine } from '../exploration.ts';
import { SymmetryReducedProgram } from './symmetry.ts';

/**
 * Breadth-first search under symmetry reduction: visits one state of each orbit. The counterexample is a schedule of
 * the system itself, and is still one of the shortest, since a permutation keeps the length of a path.
 * @throws PrecopyError `NOT_SOUND` if the program is not symmetric
 */
export function* symmetryReducedSearch(program: Program, limits: Limits = {}, services: SearchServices = {}): Engine {
  const symmetric = new SymmetryReducedProgram(program);
  const exploration = yield* breadthFirstSearch(symmetric, limits, services);
  const { violation } = exploration;
  return {
    ...exploration,
    reductions: [...(symmetric.order > 1 ? (['symmetry'] as const) : []), ...(exploration.reductions ?? [])],
    ...(violation && {
      violation: { ...violation, schedule: symmetric.concretize(violation.schedule, violation.property) },
    }),
  };
}
