/**
 * Enumerates the sets of types that may make a difference to code that looks at any number of processes: all sets of up
 * to twelve types. Of more types, all sets of up to five, and the *closed* sets: those that have each type whose bits
 * all occur in them. Code that asks whether some process has a bit, or whether all have it, for any number of bits,
 * cannot tell a set from its closure.
 * @param types the watched bits of each type
 */
export function* crowdSets(types: readonly Int32Array[]): Generator<readonly number[], void, undefined> {
  const all = types.map((_, n) => n);
  if (all.length <= fewTypes) {
    for (let n = 1; n < 2 ** all.length; n++) yield all.filter((type) => ((n >>> type) & 1) === 1);
    return;
  }
  yield* setsOfAtMost(smallSet, all);
  for (const set of closedSets(types, all)) if (set.length > smallSet) yield set;
}

function* setsOfAtMost(size: number, types: readonly number[]): Generator<readonly number[], void, undefined> {
  for (const [n, type] of types.entries()) {
    yield [type];
    if (size === 1) continue;
    for (const rest of setsOfAtMost(size - 1, types.slice(n + 1))) yield [type, ...rest];
  }
}

function closedSets(types: readonly Int32Array[], all: readonly number[]): readonly (readonly number[])[] {
  const sets = new Map<string, readonly number[]>([[all.join(), all]]);
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
const fewTypes = 12;
/** Of more types, all sets of so many are taken. */
const smallSet = 5;
