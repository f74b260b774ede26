import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mutants } from '../../machines/mutants/index.ts';
import { LiveSystem } from '../../src/live/live-system.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import type { SystemEvent } from '../../src/model/events.ts';
import { bitmapHistories } from '../support/bitmap-history.ts';
import { explore } from '../support/explore.ts';
import { linearize, type Operation } from '../support/linearizable.ts';
import { chooseWeighted } from '../support/lockstep.ts';
import { designsByDay, isNightly } from '../support/nightly.ts';

/** Weights of a random schedule, for many faults, emulated writes and rounds of GET_DIRTY_LOG. */
const weight = ({ type }: SystemEvent): number => ({ STOP: 1, SEND: 4, SYNC: 20, EMULATED_WRITE: 20 })[type] ?? 20;

describe('marks and snapshots of the dirty bitmap are linearizable', () => {
  for (const design of designsByDay) {
    it(`on random schedules of ${design.id}`, () => {
      let taken = 0;
      fc.assert(
        fc.property(
          fc.record({
            vcpus: fc.integer({ min: 1, max: 3 }),
            pages: fc.integer({ min: 1, max: 4 }),
            bitsPerWord: fc.constantFrom(1, 2, 32),
          }),
          fc.array(fc.nat(), { minLength: 120, maxLength: 120 }),
          (sizes, numbers) => {
            const live = new LiveSystem(design, { ...sizes, loggingOn: 1 });
            const steps = [];
            for (const number of numbers) {
              const choices = live.enabled();
              if (choices.length === 0) break;
              steps.push(
                live.take(chooseWeighted(choices, number, ({ event }) => weight(live.events[event] as SystemEvent))),
              );
            }
            for (const history of bitmapHistories(live, steps)) {
              expect(linearize(history), JSON.stringify(history)).toBeDefined();
              taken += history.slice(0, -1).filter(({ result = 0 }) => result !== 0).length;
            }
          },
        ),
        { numRuns: isNightly ? 40 : 12 },
      );
      expect(taken, 'snapshots with something in them').toBeGreaterThan(0);
    });
  }
});

describe('marks and snapshots of the dirty bitmap are not linearizable', () => {
  const broken = (mutants as readonly AnyDesign[]).filter(({ mutation }) => mutation?.breaks === 'atomic-bitmap');

  it('if they are a load and a store: there are such mutants', () => {
    expect(broken.map(({ id }) => id)).toEqual(
      expect.arrayContaining([
        'srcu-switch/nonatomic-mark',
        'rmap-xchg/load-store',
        'rmap-xchg/nonatomic-mark',
        'rmap-xchg/nonatomic-emulated-mark',
      ]),
    );
  });

  // The others are as long to search for.
  for (const mutant of isNightly ? broken : broken.slice(0, 2)) {
    it(`on the counterexample of ${mutant.id}`, () => {
      const { violation } = explore(mutant);
      const live = new LiveSystem(mutant);
      const steps = (violation?.schedule ?? []).map((choice) => live.take(choice));
      const histories: Operation[][] = bitmapHistories(live, steps);
      expect(histories.filter((history) => linearize(history) === undefined)).toHaveLength(1);
    });
  }
});
