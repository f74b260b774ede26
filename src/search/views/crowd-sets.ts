/**
 * Enumerates the sets of types that may make a difference to code that looks at any number of processes: all sets of a
 * few types. Of more types, the *closed* sets: those that have each type whose bits all occur in them. Code that asks
 * whether some process has a bit, or whether all have it, for any number of bits, cannot tell a set from its closure.
 * @param types the watched bits of each type
 */
export function crowdSets(types: readonly Int32Array[]): readonly (readonly number[])[] {
  const all = types.map((_, n) => n);
  if (all.length <= fewTypes) {
    return Array.from({ length: 2 ** all.length - 1 }, (_, n) => all.filter((type) => (((n + 1) >>> type) & 1) === 1));
  }
  const sets = new Map([[all.join(), all]]);
  for (const set of sets.values()) {
    for (const [word, bit] of differingBits(types, set)) {
      for (const value of [0, 1]) {
        const rest = set.filter((type) => ((types[type][word] >>> bit) & 1) !== value);
        sets.set(rest.join(), rest);
      }
    }
  }
  return [...sets.values()];
}

/** Returns the bits in which types of a set differ. */
function differingBits(types: readonly Int32Array[], set: readonly number[]): [word: number, bit: number][] {
  const [first] = set;
  const differing = types[first].map((word, n) => set.reduce((bits, type) => bits | (word ^ types[type][n]), 0));
  return [...differing].flatMap((bits, word) =>
    Array.from({ length: 32 }, (_, bit) => bit).flatMap((bit): [number, number][] =>
      ((bits >>> bit) & 1) === 1 ? [[word, bit]] : [],
    ),
  );
}

/** Returns types of a set in which all bits of it occur that differ: fewer, with the same closure. */
export function coverOf(types: readonly Int32Array[], set: readonly number[]): readonly number[] {
  const bits = differingBits(types, set);
  const seen = new Set<string>();
  return set.filter((type) => {
    const values = bits.map(([word, bit]) => `${word} ${bit} ${(types[type][word] >>> bit) & 1}`);
    const isMore = values.some((value) => !seen.has(value));
    for (const value of values) seen.add(value);
    return isMore || bits.length === 0;
  });
}

/** Most types of which all sets are taken. */
const fewTypes = 5;
