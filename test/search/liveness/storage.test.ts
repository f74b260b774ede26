import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Discoveries } from '../../../src/search/liveness/discoveries.ts';
import { StateQueue } from '../../../src/search/liveness/state-queue.ts';

describe('the queue of states', () => {
  it('gives states out in the order in which it got them', () => {
    const anyOperation = fc.oneof(
      fc.constant('shift' as const),
      fc.array(fc.integer(), { minLength: 3, maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(anyOperation, { maxLength: 200 }), (operations) => {
        const frontier = new StateQueue(3, 4);
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
    const frontier = new StateQueue(2, 16);
    const state = new Int32Array(2);
    for (let n = 0; n < 10_000; n++) {
      frontier.push(state);
      if (n >= 20) frontier.shift(state);
    }
    expect(frontier.bytes).toBeLessThanOrEqual(4 * 2 * 16 * 4);
  });
});

describe('the discoveries of states', () => {
  it('lead from the initial state to any state', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(), fc.nat(0xffff)), { minLength: 1, maxLength: 100 }), (found) => {
        const origins = new Discoveries();
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
    const origins = new Discoveries();
    const count = 200_000;
    for (let n = 0; n < count; n++) origins.push(Math.max(0, n - 1000), n % 7);
    expect(origins.choicesTo(150_001)).toEqual(Array.from({ length: 151 }, (_, n) => (n * 1000 + 1) % 7));
    expect(origins.bytes / count).toBeLessThan(8);
  });
});
