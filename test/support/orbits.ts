import { memoise } from '../../src/compile/memoise.ts';
import { compile } from '../../src/compile/program.ts';
import { exhaustive } from '../../src/explore/exhaustive.ts';
import { finish } from '../../src/explore/finish.ts';
import { Symmetric } from '../../src/explore/symmetry.ts';
import type { AnyDesign } from '../../src/model/design.ts';

/** How many states of the system the states that a search by symmetry keeps stand for, all together. */
export function statesStoodFor(design: AnyDesign, sizes: Readonly<Record<string, number>>): number {
  const symmetric = new Symmetric(memoise(compile(design, sizes)));
  const { successors } = symmetric;
  const violatedAfter = successors.violatedAfter.bind(successors);
  // the initial state stands for itself
  let sum = 1;
  successors.isQuiet = () => false;
  successors.violatedAfter = (effect) => {
    sum += symmetric.orbitSize();
    return violatedAfter(effect);
  };
  finish(exhaustive(symmetric));
  return sum;
}
