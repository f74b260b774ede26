import { type AnyDesign, compile, type Exploration, exhaustive, type Limits, liveness, type Program } from 'precopy';

/** Explores a design at the given sizes to the end, or until it reaches a limit. */
export function explore(design: AnyDesign, sizes: Readonly<Record<string, number>> = {}, limits?: Limits): Exploration {
  const search = exhaustive(compile(design, sizes), limits);
  let turn = search.next();
  while (!turn.done) turn = search.next();
  return turn.value;
}

/** Checks what has to come in the end, to the end of the search. */
export function checkLiveness(program: Program, limits?: Limits): Exploration {
  const search = liveness(program, limits);
  let turn = search.next();
  while (!turn.done) turn = search.next();
  return turn.value;
}
