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

/** Explores a design at the given sizes, as the command line does, to the end or until it reaches a limit. */
export function explore(
  design: AnyDesign,
  params: Readonly<Record<string, number>> = {},
  limits?: Limits,
): Exploration {
  return runEngine(breadthFirstSearch(memoise(compile(design, params)), limits));
}

/** Checks what has to come in the end, to the end of the search. */
export function checkLiveness(program: Program, limits?: Limits): Exploration {
  return runEngine(liveness(program, limits));
}
