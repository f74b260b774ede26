import {
  type AnyDesign,
  breadthFirstSearch,
  compile,
  type Exploration,
  type Limits,
  liveness,
  memoise,
  type Program,
  runEngine,
} from 'precopy';

/** Explores a design at these params, as the command line does, to the end or to a limit. */
export function explore(
  design: AnyDesign,
  params: Readonly<Record<string, number>> = {},
  limits?: Limits,
): Exploration {
  return runEngine(breadthFirstSearch(memoise(compile(design, params)), limits));
}

/** Checks the liveness properties of a program. */
export function checkLiveness(program: Program, limits?: Limits): Exploration {
  return runEngine(liveness(program, limits));
}
