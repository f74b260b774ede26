/**
 * Drives an engine to its end.
 * @param answer what it is told after each progress, such as a reason to stop; nothing unless told
 */
export function runEngine<P, R, A>(
  engine: Generator<P, R, A | undefined>,
  answer: (progress: P) => A | undefined = () => undefined,
): R {
  let turn = engine.next();
  while (!turn.done) turn = engine.next(answer(turn.value));
  return turn.value;
}
