import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyDispatch, type EventWeight, walkInLockstep } from '../support/lockstep.ts';
import { isNightly } from '../support/nightly.ts';
import { anyDesign } from '../support/statecharts.ts';

describe('any statecharts that the compiler takes', () => {
  it('do compiled what they do on live xstate actors, on random schedules', () => {
    const numRuns = isNightly ? 600 : 40;
    const ends = { fault: 0, deadlock: 0, 'no more numbers': 0 };
    fc.assert(
      fc.property(
        anyDesign,
        fc.array(fc.nat(), { minLength: 25, maxLength: 25 }),
        anyDispatch,
        (design, numbers, dispatch) => {
          ends[walkInLockstep(design, {}, numbers, { dispatch }).end]++;
        },
      ),
      { numRuns },
    );
    // about 0.7 of them do
    expect(ends['no more numbers'], 'walks that go on to the end').toBeGreaterThan(0.4 * numRuns);
    expect(ends.fault, 'walks into a fault').toBeGreaterThan(numRuns / 15);
  });

  it('do the same with store buffers', () => {
    let drains = 0;
    const weight: EventWeight = ({ isDrain }) => {
      if (isDrain) drains++;
      return 1;
    };
    fc.assert(
      fc.property(
        anyDesign,
        fc.array(fc.nat(), { minLength: 25, maxLength: 25 }),
        anyDispatch,
        (design, numbers, dispatch) => {
          walkInLockstep({ ...design, memoryModel: 'tso' }, { storeBuffer: 2 }, numbers, { weight, dispatch });
        },
      ),
      { numRuns: isNightly ? 120 : 15 },
    );
    expect(drains, 'stores that could leave a buffer').toBeGreaterThan(40);
  });
});
