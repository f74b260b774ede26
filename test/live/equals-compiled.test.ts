import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyDispatch, type EventWeight, walkInLockstep } from '../support/lockstep.ts';
import { designsOrMutants, isNightly } from '../support/nightly.ts';

/** STOP ends a migration, and SYNC and SEND come to nothing while no vCPU writes: a walk shall not end at once. */
const weight: EventWeight = ({ type }) => ({ STOP: 1, SEND: 10, SYNC: 10 })[type] ?? 30;

const anySizes = fc.record({
  vcpus: fc.integer({ min: 1, max: 3 }),
  pages: fc.integer({ min: 1, max: 4 }),
  bitsPerWord: fc.constantFrom(1, 2, 32),
  emulatingVcpus: fc.integer({ min: 0, max: 2 }),
});

describe('the compiled program does what live xstate actors do, on random schedules of', () => {
  for (const design of designsOrMutants) {
    it(design.id, () => {
      let longest = 0;
      fc.assert(
        fc.property(
          anySizes,
          fc.array(fc.nat(), { minLength: 100, maxLength: 100 }),
          anyDispatch,
          (sizes, numbers, dispatch) => {
            const { steps } = walkInLockstep(design, sizes, numbers, { weight, dispatch });
            longest = Math.max(longest, steps);
          },
        ),
        { numRuns: isNightly ? 6 : 2 },
      );
      expect(longest, 'a walk that goes on for a while').toBeGreaterThan(design.mutation ? 10 : 30);
    });

    if (design.mutation) continue;
    it(`${design.id} with store buffers`, () => {
      fc.assert(
        fc.property(
          anySizes,
          fc.array(fc.nat(), { minLength: 60, maxLength: 60 }),
          anyDispatch,
          (sizes, numbers, dispatch) => {
            walkInLockstep({ ...design, memoryModel: 'tso' }, { ...sizes, storeBuffer: 2 }, numbers, {
              weight,
              dispatch,
            });
          },
        ),
        { numRuns: isNightly ? 2 : 1 },
      );
    });
  }
});
