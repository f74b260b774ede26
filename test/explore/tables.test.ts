import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Fingerprint } from '../../src/explore/fingerprint.ts';
import { Frontier } from '../../src/explore/frontier.ts';
import { Origins } from '../../src/explore/origins.ts';
import { Seen } from '../../src/explore/seen.ts';

/** Fingerprints that are all different: the first `count` numbers, mixed as a search mixes states. */
function fingerprints(count: number): { high: Int32Array; low: Int32Array } {
  const fingerprint = new Fingerprint();
  const state = new Int32Array(2);
  const high = new Int32Array(count);
  const low = new Int32Array(count);
  for (let n = 0; n < count; n++) {
    state[0] = n;
    fingerprint.of(state, 0, 2);
    high[n] = fingerprint.high;
    low[n] = fingerprint.low;
  }
  return { high, low };
}

describe('the table of fingerprints', () => {
  it('is a set', () => {
    const anyHalf = fc.oneof(fc.integer(), fc.integer({ min: -2, max: 2 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(anyHalf, anyHalf), { maxLength: 300 }), (pairs) => {
        const seen = new Seen();
        const model = new Set<string>();
        for (const [high, low] of pairs) {
          // 0 0 marks a free place, and counts as 0 1
          const key = high === 0 && low === 0 ? '0 1' : `${high} ${low}`;
          expect(seen.add(high, low)).toBe(!model.has(key));
          model.add(key);
          expect(seen.size).toBe(model.size);
        }
      }),
    );
  });

  it('takes no fingerprint twice and loses none while it grows', () => {
    const count = 500_000;
    const { high, low } = fingerprints(count);
    const seen = new Seen();
    const addAll = (): number => {
      let added = 0;
      for (let n = 0; n < count; n++) if (seen.add(high[n] as number, low[n] as number)) added++;
      return added;
    };
    const withZeros = (): number => {
      let added = 0;
      for (let n = 1; n <= 500; n++) {
        if (seen.add(0, n + 1)) added++;
        if (seen.add(Math.imul(n, 0x9e3779b1), 0)) added++;
      }
      return added;
    };
    expect(withZeros()).toBe(1000);
    expect(addAll()).toBe(count);
    expect(addAll()).toBe(0);
    expect(withZeros()).toBe(0);
    expect(seen.size).toBe(count + 1000);
  });

  it('takes 10.7 to 15 bytes a fingerprint, once it has grown', () => {
    const count = 1_000_000;
    const { high, low } = fingerprints(count);
    const seen = new Seen();
    const empty = seen.bytes;
    for (let n = 0; n < count; n++) {
      seen.add(high[n] as number, low[n] as number);
      if (n % 1000 !== 999 || seen.bytes < 2 * empty) continue;
      expect(seen.bytes / seen.size).toBeGreaterThan(10.6);
      expect(seen.bytes / seen.size).toBeLessThan(15.1);
    }
    expect(seen.bytes).toBeGreaterThan(2 * empty);
  });
});

describe('the fingerprint of a state', () => {
  const anyWords = fc.array(fc.integer(), { minLength: 1, maxLength: 12 });
  const of = (words: readonly number[]): [number, number] => {
    const fingerprint = new Fingerprint();
    fingerprint.of(Int32Array.from(words), 0, words.length);
    return [fingerprint.high, fingerprint.low];
  };

  it('is the same for the same words', () => {
    fc.assert(
      fc.property(anyWords, (words) => {
        expect(of(words)).toEqual(of([...words]));
      }),
    );
  });

  it('differs where one word differs', () => {
    fc.assert(
      fc.property(anyWords, fc.nat(), fc.integer(), (words, where, value) => {
        const at = where % words.length;
        fc.pre(words[at] !== value);
        expect(of(words)).not.toEqual(of(words.with(at, value)));
      }),
      { numRuns: 1000 },
    );
  });

  it('reads only the words that it is told to', () => {
    fc.assert(
      fc.property(anyWords, fc.integer(), (words, other) => {
        const fingerprint = new Fingerprint();
        fingerprint.of(Int32Array.from([other, ...words, other]), 1, words.length);
        expect([fingerprint.high, fingerprint.low]).toEqual(of(words));
      }),
    );
  });
});

describe('the frontier', () => {
  it('gives states out in the order in which it got them', () => {
    const anyOperation = fc.oneof(
      fc.constant('shift' as const),
      fc.array(fc.integer(), { minLength: 3, maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(anyOperation, { maxLength: 200 }), (operations) => {
        const frontier = new Frontier(3, 4);
        const model: number[][] = [];
        const state = new Int32Array(3);
        for (const operation of operations) {
          if (operation !== 'shift') {
            frontier.push(Int32Array.from(operation));
            model.push(operation);
          } else if (model.length > 0) {
            frontier.shift(state);
            expect(Array.from(state)).toEqual(model.shift());
          }
          expect(frontier.length).toBe(model.length);
        }
        for (const left of model) {
          frontier.shift(state);
          expect(Array.from(state)).toEqual(left);
        }
      }),
    );
  });

  it('gives memory back, or uses it again', () => {
    const frontier = new Frontier(2, 16);
    const state = new Int32Array(2);
    for (let n = 0; n < 10_000; n++) {
      frontier.push(state);
      if (n >= 20) frontier.shift(state);
    }
    expect(frontier.bytes).toBeLessThanOrEqual(4 * 2 * 16 * 4);
  });
});

describe('the origins of states', () => {
  it('lead from the initial state to any state', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.nat(0xffff)), { minLength: 1, maxLength: 100 }), (found) => {
        const origins = new Origins();
        const schedules: number[][] = [];
        for (const [n, [before, choice]] of found.entries()) {
          origins.push(n === 0 ? 0 : before % n, choice);
          schedules.push(n === 0 ? [] : [...(schedules[before % n] as number[]), choice]);
        }
        expect(origins.size).toBe(found.length);
        for (const [state, schedule] of schedules.entries()) expect(origins.choicesTo(state)).toEqual(schedule);
      }),
    );
  });

  it('go on beyond one chunk, at 6 bytes a state', () => {
    const origins = new Origins();
    const count = 200_000;
    for (let n = 0; n < count; n++) origins.push(Math.max(0, n - 1000), n % 7);
    expect(origins.choicesTo(150_001)).toEqual(Array.from({ length: 151 }, (_, n) => (n * 1000 + 1) % 7));
    expect(origins.bytes / count).toBeLessThan(8);
  });
});
