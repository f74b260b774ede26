/**
 * Runs an engine to its end.
 * @param onProgress called with each progress; returns a reason to stop, or undefined to continue
 * @returns the result of the engine
 * @example
 * const { verdict, states } = runEngine(breadthFirstSearch(compile(design)));
 */
export function runEngine<P, R, A>(
  engine: Generator<P, R, A | undefined>,
  onProgress: (progress: P) => A | undefined = () => undefined,
): R {
  let turn = engine.next();
  while (!turn.done) turn = engine.next(onProgress(turn.value));
  return turn.value;
}
