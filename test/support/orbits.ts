import { memoise } from '../../src/cache/cached-program.ts';
import { compile } from '../../src/compile/program.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import { breadthFirstSearch } from '../../src/search/bfs/breadth-first-search.ts';
import { runEngine } from '../../src/search/run-engine.ts';
import { SymmetryReducedProgram } from '../../src/search/symmetry/symmetry.ts';

/** How many states of the system the states that a search by symmetry keeps stand for, all together. */
export function statesStoodFor(design: AnyDesign, params: Readonly<Record<string, number>>): number {
  const symmetric = new SymmetryReducedProgram(memoise(compile(design, params)));
  const { successors } = symmetric;
  const violatedAfter = successors.violatedAfter.bind(successors);
  // the initial state stands for itself
  let sum = 1;
  successors.isQuiet = () => false;
  successors.violatedAfter = (effect) => {
    sum += symmetric.orbitSize();
    return violatedAfter(effect);
  };
  runEngine(breadthFirstSearch(symmetric));
  return sum;
}
