import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linearize, type Operation } from './linearizable.ts';

const set = (bit: number, invoked: number, returned?: number): Operation => ({
  call: { kind: 'set', bit },
  invoked,
  ...(returned !== undefined && { returned }),
});
/** A snapshot of the four bits of a word. */
const snapshot = (result: number, invoked: number, returned?: number, word = 0): Operation => ({
  call: { kind: 'snapshot', first: 4 * word, count: 4 },
  invoked,
  ...(returned !== undefined && { returned, result }),
});

describe('a history is linearizable', () => {
  it.each<[string, Operation[]]>([
    ['that is empty', []],
    ['of calls one after the other', [set(1, 0, 1), snapshot(0b10, 2, 3), snapshot(0, 4, 5)]],
    ['of a mark that a concurrent snapshot reports', [set(1, 0, 5), snapshot(0b10, 1, 2)]],
    [
      'of a mark that a concurrent snapshot leaves to the next one',
      [set(1, 0, 5), snapshot(0, 1, 2), snapshot(0b10, 3, 4)],
    ],
    ['of two marks in one word', [set(0, 0, 3), set(1, 1, 2), snapshot(0b11, 4, 5)]],
    ['of a mark that has not returned, and was reported', [set(1, 0), snapshot(0b10, 1, 2)]],
    ['of a mark that has not returned, and was not reported', [set(1, 0), snapshot(0, 1, 2)]],
    [
      'of a snapshot that has not returned, and took what the next one does not report',
      [set(1, 0, 1), snapshot(0, 2), snapshot(0, 3, 4)],
    ],
    [
      'of marks in another word than that of the snapshot',
      [set(5, 0, 1), snapshot(0, 2, 3, 0), snapshot(0b10_0000, 4, 5, 1)],
    ],
    ['of what was set from the start', [snapshot(0b1, 0, 1)]],
  ])('%s', (name, history) => {
    expect(linearize(history, name.includes('from the start') ? 1 : 0)).toBeDefined();
  });

  it('in the order that the search returns', () => {
    const history = [set(1, 0, 9), snapshot(0, 1, 2), set(0, 3, 4), snapshot(0b11, 5, 8)];
    expect(linearize(history)?.map((operation) => history.indexOf(operation))).toEqual([1, 0, 2, 3]);
  });
});

describe('a history is not linearizable', () => {
  it.each<[string, Operation[]]>([
    ['that loses a mark', [set(1, 0, 1), snapshot(0, 2, 3)]],
    ['that reports a mark twice', [set(1, 0, 1), snapshot(0b10, 2, 3), snapshot(0b10, 4, 5)]],
    ['that reports a mark before it was called', [snapshot(0b10, 0, 1), set(1, 2, 3)]],
    ['that reports what nobody marked', [snapshot(0b10, 0, 1)]],
    ['in which one store takes the bit of another one with it', [set(0, 0, 3), set(1, 1, 2), snapshot(0b01, 4, 5)]],
    [
      'in which a stored word brings back what was taken',
      [set(1, 0, 1), set(0, 2, 7), snapshot(0b10, 3, 4), snapshot(0b11, 8, 9)],
    ],
    [
      'in which a load and a store of zero lose a mark in between',
      [snapshot(0, 0, 5), set(1, 1, 2), snapshot(0, 6, 7)],
    ],
    ['that turns the order of two snapshots round', [set(1, 0, 1), snapshot(0, 2, 3), snapshot(0b10, 4, 5)]],
  ])('%s', (_, history) => {
    expect(linearize(history)).toBeUndefined();
  });
});

/** Calls with the moments at which they take effect, and the intervals that they are called and return in. */
const anyRun = fc.array(
  fc.record({ bit: fc.nat(7), isSet: fc.boolean(), early: fc.nat(4), late: fc.nat(4), returns: fc.boolean() }),
  { maxLength: 12 },
);

/** A history of a bitmap whose calls take effect one after the other, at 10, 20, 30 and so on. */
function historyOf(run: typeof anyRun extends fc.Arbitrary<infer T> ? T : never): Operation[] {
  let contents = 0;
  return run.map(({ bit, isSet, early, late, returns }, n) => {
    const moment = 10 * (n + 1);
    const [invoked, returned] = [moment - 8 * early - 1, returns ? moment + 8 * late + 1 : undefined];
    if (isSet) {
      contents |= 1 << bit;
      return set(bit, invoked, returned);
    }
    const word = bit >> 2;
    const taken = contents & (0b1111 << (4 * word));
    contents &= ~taken;
    return snapshot(taken, invoked, returned, word);
  });
}

/** All orders of some calls. */
function* orders<T>(rest: readonly T[], begun: readonly T[] = []): Generator<readonly T[]> {
  if (rest.length === 0) yield begun;
  for (const [n, next] of rest.entries()) yield* orders(rest.toSpliced(n, 1), [...begun, next]);
}

/**
 * Linearizability by its definition: some order of all calls that returned, and some of the others, has these results.
 */
function byDefinition(history: readonly Operation[]): boolean {
  const open = history.filter(({ returned }) => returned === undefined);
  const complete = history.filter(({ returned }) => returned !== undefined);
  for (let chosen = 0; chosen < 2 ** open.length; chosen++) {
    for (const order of orders([...complete, ...open.filter((_, n) => (chosen >> n) & 1)])) {
      const inTime = order.every((one, n) =>
        order.slice(n).every(({ returned = Infinity }) => returned >= one.invoked),
      );
      let contents = 0;
      const fits = order.every(({ call, returned, result }) => {
        if (call.kind === 'set') contents |= 1 << call.bit;
        else {
          const taken = contents & (0b1111 << call.first);
          contents &= ~taken;
          return returned === undefined || taken === result;
        }
        return true;
      });
      if (inTime && fits) return true;
    }
  }
  return false;
}

describe('the search for a linearization', () => {
  it('finds one for every history of an atomic bitmap', () => {
    fc.assert(
      fc.property(anyRun, (run) => {
        expect(linearize(historyOf(run))).toBeDefined();
      }),
    );
  });

  it('agrees with the definition on small histories, right and wrong', () => {
    const verdicts = { true: 0, false: 0 };
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ bit: fc.nat(1), isSet: fc.boolean(), early: fc.nat(4), late: fc.nat(4), returns: fc.boolean() }),
          {
            minLength: 2,
            maxLength: 5,
          },
        ),
        fc.nat(3),
        (run, flip) => {
          const history = historyOf(run).map((operation, n) =>
            n === flip && operation.result !== undefined ? { ...operation, result: operation.result ^ 1 } : operation,
          );
          const expected = byDefinition(history);
          verdicts[`${expected}`]++;
          expect(linearize(history) !== undefined).toBe(expected);
        },
      ),
      { numRuns: 300 },
    );
    expect(verdicts.true).toBeGreaterThan(100);
    expect(verdicts.false).toBeGreaterThan(5);
  });
});
