/** Enumerates the multisets of types for some unseen processes: those with a type from `from` on. */
export function* companies(types: readonly number[], count: number, from: number): Generator<number[]> {
  if (count === 0) {
    if (from === 0) yield [];
    return;
  }
  for (let last = from; last < types.length; last++) {
    for (const rest of companies(types.slice(0, last + 1), count - 1, 0)) yield [types[last], ...rest];
  }
}
