import { describe, expect, it } from 'vitest';
import { Fingerprint } from '../../../src/search/storage/incremental-fingerprint.ts';
import { Salts } from '../../../src/search/storage/salts.ts';
import { ZobristHash } from '../../../src/search/storage/zobrist-hash.ts';

/** Returns the two lanes of a state, as one number of 64 bits. */
type Hash = (state: Int32Array) => bigint;

const joined = (high: number, low: number): bigint => (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);

/** The hash by fields, of which each has a word of its own. */
function zobrist(words: number): Hash {
  const hash = new ZobristHash(Array.from({ length: words }, (_, at) => ({ at, shift: 0, width: 32 })));
  const lanes = new Int32Array(2);
  return (state) => {
    hash.accumulate(state, lanes, 0);
    return joined(lanes[0] as number, lanes[1] as number);
  };
}

/** The hash of whole states. */
function fingerprint(words: number): Hash {
  const hash = new Fingerprint(words);
  return (state) => {
    hash.rebase(state);
    return joined(hash.high, hash.low);
  };
}

/** Adds lane by lane. */
const plus = (one: bigint, other: bigint): bigint =>
  (((one & ~0xffffffffn) + (other & ~0xffffffffn)) & 0xffffffff00000000n) | ((one + other) & 0xffffffffn);
const minus = (one: bigint): bigint => plus(plus(~one & 0xffffffffffffffffn, 1n), 1n << 32n);

/** Returns what each word adds to the hash when it changes from one value to another. */
function changes(words: number, from: number, to: number): bigint[] {
  const hash = zobrist(words);
  const state = new Int32Array(words).fill(from);
  const before = hash(state);
  return Array.from({ length: words }, (_, n) => {
    state[n] = to;
    const change = plus(hash(state), minus(before));
    state[n] = from;
    return change;
  });
}

const hasDuplicates = (numbers: readonly bigint[]): boolean => new Set(numbers).size < numbers.length;

describe('what the words of a state add to its hash', () => {
  it.each([
    [0, 1],
    [0, -(2 ** 31)],
    [3, 0x21826520],
  ])('cancels for no pair of 600 words that change from %i to %i', (from, to) => {
    const singles = changes(600, from, to);
    expect(hasDuplicates([0n, ...singles, ...singles.map(minus)])).toBe(false);
  });

  it('cancels for no three or four of 150 words: no two sums of two are equal', () => {
    const singles = changes(150, 0, 1);
    const signed = [...singles, ...singles.map(minus)];
    const sums = signed.flatMap((one, n) =>
      signed.slice(n + 1).flatMap((other) => (other === minus(one) ? [] : [plus(one, other)])),
    );
    expect(sums).toHaveLength(4 * ((150 * 149) / 2));
    expect(hasDuplicates([0n, ...signed, ...sums])).toBe(false);
  });

  it('is no exclusive or of others: 64 words span all 64 bits, or nearly', () => {
    const basis: bigint[] = [];
    for (const change of changes(80, 0, 1)) {
      const rest = basis.reduce((left, one) => ((left ^ one) < left ? left ^ one : left), change);
      if (rest > 0n) basis.push(rest);
    }
    expect(basis).toHaveLength(64);
    const [first, ...others] = changes(40, 0, 1) as [bigint, ...bigint[]];
    expect(others.some((one, n) => others.slice(n + 1).includes(one ^ first))).toBe(false);
  });
});

describe.each([
  ['fields', zobrist],
  ['whole states', fingerprint],
])('the hash of %s', (_, hashOf) => {
  const count = 1 << 15;
  /** Returns how many of the hashes have 32 bits, from bit `shift` on, that another one has. */
  const collisions = (hashes: readonly bigint[], shift: bigint): number =>
    count - new Set(hashes.map((hash) => Number((((hash << 64n) | hash) >> shift) & 0xffffffffn))).size;

  it.each<[string, (n: number, state: Int32Array) => void]>([
    ['count up in one word', (n, state) => void state.fill(n, 3, 4)],
    ['count up in steps of 2^17', (n, state) => void state.fill(n << 17, 0, 1)],
    [
      'are all subsets of 15 words',
      (n, state) => {
        for (let word = 0; word < 15; word++) state[word] = (n >>> word) & 1;
      },
    ],
    [
      'have equal values in two words',
      (n, state) => {
        state[1] = n;
        state[9] = n;
      },
    ],
    [
      'are a pair of numbers',
      (n, state) => {
        state[4] = n & 0x1ff;
        state[5] = n >>> 9;
      },
    ],
  ])('of states that %s has as many equal halves as random numbers', (_, write) => {
    const hash = hashOf(20);
    const state = new Int32Array(20);
    const hashes = Array.from({ length: count }, (_, n) => {
      write(n, state);
      return hash(state);
    });
    expect(new Set(hashes).size).toBe(count);
    // An eighth is expected: 2^30 / 2^33. More than 4 have a probability of 1e-7.
    for (const shift of [0n, 16n, 32n, 48n]) expect(collisions(hashes, shift), `from bit ${shift}`).toBeLessThan(5);
  });
});

describe('salts', () => {
  it('are a number of their own in each stream, and the same each time', () => {
    const draw = (stream: number): number[] => {
      const salts = new Salts(stream);
      return Array.from({ length: 10_000 }, () => salts.next());
    };
    const [one, two, three] = [draw(1), draw(2), draw(3)];
    expect(draw(1)).toEqual(one);
    expect(new Set([...one, ...two, ...three]).size).toBeGreaterThan(29_990);
  });
});
