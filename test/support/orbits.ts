import { memoise } from '../../src/cache/cached-program.ts';
import { compile } from '../../src/compile/compile.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import { breadthFirstSearch } from '../../src/search/bfs/breadth-first-search.ts';
import { runEngine } from '../../src/search/run-engine.ts';
import { SymmetryReducedProgram } from '../../src/search/symmetry/symmetry.ts';

/**
 * Returns the sum of the sizes of the orbits that a search under symmetry reduction visits: the states of the full
 * search.
 */
export function sumOfOrbitSizes(design: AnyDesign, params: Readonly<Record<string, number>>): number {
  const symmetric = new SymmetryReducedProgram(memoise(compile(design, params)));
  const { successors } = symmetric;
  const violatedAfter = successors.violatedAfter.bind(successors);
  const orbitOfInitialState = 1;
  let sum = orbitOfInitialState;
  // Every new state but the initial one is checked once.
  successors.isKnownSafe = () => false;
  successors.violatedAfter = (effect) => {
    sum += symmetric.orbitSize();
    return violatedAfter(effect);
  };
  runEngine(breadthFirstSearch(symmetric));
  return sum;
}
