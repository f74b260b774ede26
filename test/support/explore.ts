import {
  type AnyDesign,
  compile,
  type Exploration,
  exhaustive,
  finish,
  type Limits,
  liveness,
  memoise,
  type Program,
} from 'precopy';

/** Explores a design at the given sizes, as the command line does, to the end or until it reaches a limit. */
export function explore(design: AnyDesign, sizes: Readonly<Record<string, number>> = {}, limits?: Limits): Exploration {
  return finish(exhaustive(memoise(compile(design, sizes)), limits));
}

/** Checks what has to come in the end, to the end of the search. */
export function checkLiveness(program: Program, limits?: Limits): Exploration {
  return finish(liveness(program, limits));
}
