import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FingerprintSet } from '../../../src/search/storage/fingerprint-set.ts';
import { Frontier } from '../../../src/search/storage/frontier.ts';
import { Fingerprint } from '../../../src/search/storage/incremental-fingerprint.ts';
import { PredecessorLog } from '../../../src/search/storage/predecessor-log.ts';
import { ZobristHash } from '../../../src/search/storage/zobrist-hash.ts';

const emptySet = (bytes: number): FingerprintSet => new FingerprintSet(FingerprintSet.reserve(bytes));

/** Returns `count` distinct fingerprints: those of the states 0, 1, 2 ... */
function fingerprints(count: number): { high: Int32Array; low: Int32Array } {
  const fingerprint = new Fingerprint(2);
  const state = new Int32Array(2);
  const high = new Int32Array(count);
  const low = new Int32Array(count);
  for (let n = 0; n < count; n++) {
    state[0] = n;
    fingerprint.rebase(state);
    high[n] = fingerprint.high;
    low[n] = fingerprint.low;
  }
  return { high, low };
}

describe('the fingerprint set', () => {
  it('is a set', () => {
    const anyHalf = fc.oneof(fc.integer(), fc.integer({ min: -2, max: 2 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(anyHalf, anyHalf), { maxLength: 300 }), (pairs) => {
        const visited = emptySet(1 << 20);
        const model = new Set<string>();
        for (const [high, low] of pairs) {
          if (high === 0 && low === 0) continue; // marks an empty slot
          const key = `${high} ${low}`;
          expect(visited.add(high, low)).toBe(!model.has(key));
          model.add(key);
          expect(visited.size).toBe(model.size);
        }
      }),
    );
  });

  it('holds each fingerprint once, also after it has grown', () => {
    const count = 500_000;
    const { high, low } = fingerprints(count);
    const visited = emptySet(1 << 26);
    const addAll = (): number => {
      let added = 0;
      for (let n = 0; n < count; n++) if (visited.add(high[n] as number, low[n] as number)) added++;
      return added;
    };
    const withZeros = (): number => {
      let added = 0;
      for (let n = 1; n <= 500; n++) {
        if (visited.add(0, n + 1)) added++;
        if (visited.add(Math.imul(n, 0x9e3779b1), 0)) added++;
      }
      return added;
    };
    expect(withZeros()).toBe(1000);
    expect(addAll()).toBe(count);
    expect(addAll()).toBe(0);
    expect(withZeros()).toBe(0);
    expect(visited.size).toBe(count + 1000);
  });

  it('throws if it exceeds its reserved size', () => {
    const { high, low } = fingerprints(600_000);
    const visited = emptySet(1 << 20);
    const addAll = (): void => {
      for (let n = 0; n < high.length; n++) visited.add(high[n] as number, low[n] as number);
    };
    expect(addAll).toThrow(RangeError);
  });

  it('takes 8.9 to 9.9 bytes a fingerprint beyond a million fingerprints', () => {
    const count = 1_250_000;
    const { high, low } = fingerprints(count);
    const visited = emptySet(1 << 26);
    for (let n = 0; n < count; n++) {
      visited.add(high[n] as number, low[n] as number);
      if (n % 1000 !== 999 || n < 1_000_000) continue;
      expect(visited.bytes / visited.size).toBeGreaterThan(8.8);
      expect(visited.bytes / visited.size).toBeLessThan(9.9);
    }
  });
});

describe('the fingerprint set with ids', () => {
  const emptySetWithIds = (bytes: number): FingerprintSet =>
    new FingerprintSet(FingerprintSet.reserve(bytes, { withIds: true }));

  it('maps each fingerprint to its rank in the order of insertion', () => {
    const anyHalf = fc.oneof(fc.integer(), fc.integer({ min: -2, max: 2 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(anyHalf, anyHalf), { maxLength: 300 }), (pairs) => {
        const visited = emptySetWithIds(1 << 20);
        const model = new Map<string, number>();
        for (const [high, low] of pairs) {
          if (high === 0 && low === 0) continue; // marks an empty slot
          const key = `${high} ${low}`;
          if (!model.has(key)) model.set(key, model.size);
          expect(visited.idOf(high, low)).toBe(model.get(key));
          expect(visited.size).toBe(model.size);
        }
      }),
    );
  });

  it('keeps ids when it grows', () => {
    const count = 200_000;
    const { high, low } = fingerprints(count);
    const visited = emptySetWithIds(1 << 24);
    for (let pass = 0; pass < 2; pass++) {
      let wrong = 0;
      for (let n = 0; n < count; n++) if (visited.idOf(high[n] as number, low[n] as number) !== n) wrong++;
      expect(wrong).toBe(0);
    }
  });
});

describe('the fingerprint of a state', () => {
  const anyWords = fc.array(fc.integer(), { minLength: 1, maxLength: 12 });
  const of = (words: readonly number[], base = words): [number, number] => {
    const fingerprint = new Fingerprint(words.length);
    fingerprint.rebase(Int32Array.from(base));
    fingerprint.update(Int32Array.from(words));
    return [fingerprint.high, fingerprint.low];
  };

  it('does not depend on the base state', () => {
    fc.assert(
      fc.property(anyWords, fc.array(fc.integer(), { minLength: 12, maxLength: 12 }), (words, others) => {
        expect(of(words, others.slice(0, words.length))).toEqual(of(words));
      }),
    );
  });

  it('differs if one word differs', () => {
    fc.assert(
      fc.property(anyWords, fc.nat(), fc.integer(), (words, where, value) => {
        const at = where % words.length;
        fc.pre(words[at] !== value);
        expect(of(words)).not.toEqual(of(words.with(at, value)));
      }),
      { numRuns: 1000 },
    );
  });

  it('is uniform: 2^20 consecutive states have about as many equal halves as random numbers', () => {
    const { high, low } = fingerprints(1 << 20);
    for (const half of [high, low]) {
      const pairs = (1 << 20) - new Set(half).size;
      expect(pairs).toBeGreaterThan(60);
      expect(pairs).toBeLessThan(260);
    }
  });
});

describe('the Zobrist hash', () => {
  const fields = [0, 5, 10, 31].map((shift, n) => ({ at: n % 2, shift, width: shift === 31 ? 1 : 5 }));
  const anyState = fc.tuple(fc.integer(), fc.integer());
  const of = (state: readonly number[]): [number, number] => {
    const sums = new Int32Array(2);
    new ZobristHash(fields).accumulate(Int32Array.from(state), sums, 0);
    return [...sums] as [number, number];
  };
  const change = (state: readonly number[], field: number, value: number): number[] => {
    const { at, shift, width } = fields[field] as (typeof fields)[0];
    return state.with(at, ((state[at] as number) & ~(((1 << width) - 1) << shift)) | (value << shift));
  };

  it('changes by a number that depends on the changed field only', () => {
    const anyField = fc.integer({ min: 0, max: 2 });
    const anyValue = fc.integer({ min: 0, max: 31 });
    fc.assert(
      fc.property(anyState, anyState, anyField, anyValue, anyValue, (one, other, field, before, after) => {
        const added = (state: readonly number[]): number[] => {
          const [[high, low], [newHigh, newLow]] = [of(change(state, field, before)), of(change(state, field, after))];
          return [(newHigh - high) | 0, (newLow - low) | 0];
        };
        expect(added(one)).toEqual(added(other));
        expect(added(one).includes(0)).toBe(before === after);
      }),
    );
  });
});

describe('the frontier', () => {
  const words = 3;
  const anyOperation = fc.oneof(fc.nat(30_000), fc.constant('release' as const));

  it('holds each state, for any sequence of extend and release', () => {
    fc.assert(
      fc.property(fc.array(anyOperation, { maxLength: 12 }), (operations) => {
        const frontier = new Frontier(Frontier.reserve(words, 1 << 24), words);
        const state = new Int32Array(words);
        let first = 0;
        let end = 0;
        for (const operation of operations) {
          if (operation === 'release') {
            for (; first < end; first += 1 + (end >> 4)) {
              frontier.load(first, state);
              expect([...state]).toEqual([first, first ^ 5, 7]);
            }
            first = end;
            frontier.release(first);
            continue;
          }
          frontier.extend(end + operation);
          for (const until = end + operation; end < until; end++) {
            frontier.store(end, Int32Array.of(end, end ^ 5, 7));
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  it('reuses the memory of released chunks', () => {
    const frontier = new Frontier(Frontier.reserve(words, 1 << 24), words);
    for (let n = 0; n < 1_000_000; n += 1000) {
      frontier.extend(n + 1000);
      frontier.release(n);
    }
    expect(frontier.bytes).toBeLessThanOrEqual(3 * 8192 * words * 4);
  });

  it('has no chunks before the state at which it starts', () => {
    const frontier = new Frontier(Frontier.reserve(words, 1 << 24), words);
    frontier.startAt(1_000_000);
    frontier.extend(1_000_001);
    expect(frontier.bytes).toBe(frontier.bytesPerChunk);
  });

  it('throws if it exceeds its reserved size', () => {
    const frontier = new Frontier(Frontier.reserve(words, 1), words);
    expect(() => frontier.extend(10_000_000)).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }));
  });
});

describe('the predecessor log', () => {
  it('has the path from the initial state to any state', () => {
    const anyChoice = fc.oneof(fc.nat(), fc.constant(-1));
    const anyUnit = fc.record({ parents: fc.nat(5), found: fc.array(anyChoice, { maxLength: 6 }) });
    const anyUnits = fc.array(anyUnit, { minLength: 1, maxLength: 40 });
    const anyCount = fc.oneof(fc.integer({ min: 1, max: 1000 }), fc.constantFrom(1, 2, 3, 5, 9, 17, 65));
    fc.assert(
      fc.property(anyUnits, anyCount, (units, choices) => {
        const predecessors = new PredecessorLog(PredecessorLog.reserve(1), choices);
        predecessors.extend(1000);
        const schedules: number[][] = [[]];
        let expanded = 0;
        for (const { parents, found } of units) {
          const count = Math.min(parents, schedules.length - expanded);
          predecessors.beginUnit(expanded, schedules.length);
          for (const [n, any] of (count === 0 ? [] : found).entries()) {
            const choice = (any + choices) % choices;
            const parent = Math.floor((n * count) / found.length);
            predecessors.set(schedules.length, predecessors.encode(parent, choice));
            schedules.push([...(schedules[expanded + parent] as number[]), choice]);
          }
          expanded += count;
        }
        for (const [state, schedule] of schedules.entries()) expect(predecessors.pathTo(state)).toEqual(schedule);
      }),
    );
  });

  it('takes 2 bytes a state', () => {
    const predecessors = new PredecessorLog(PredecessorLog.reserve(1), 100);
    for (let unit = 0; unit < 1000; unit++) predecessors.beginUnit(unit * 512, unit * 512);
    expect(predecessors.bytes(512_000) / 512_000).toBeLessThan(2.1);
  });
});
