import { memoise } from '../../src/compile/memoise.ts';
import { compile } from '../../src/compile/program.ts';
import { exhaustive } from '../../src/explore/exhaustive.ts';
import { finish } from '../../src/explore/finish.ts';
import { Symmetric } from '../../src/explore/symmetry.ts';
import type { AnyDesign } from '../../src/model/design.ts';

/** How many states of the system the states that a search by symmetry keeps stand for, all together. */
export function statesStoodFor(design: AnyDesign, sizes: Readonly<Record<string, number>>): number {
  const symmetric = new Symmetric(memoise(compile(design, sizes)));
  const violated = symmetric.violated.bind(symmetric);
  let sum = 0;
  symmetric.violated = () => {
    sum += symmetric.orbitSize();
    return violated();
  };
  finish(exhaustive(symmetric));
  return sum;
}
