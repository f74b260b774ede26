import { conflict } from '../../cache/access-sets.ts';
import { FootprintCache } from '../dpor/footprints.ts';
import type { Scheduler, SchedulerContext } from './scheduler.ts';

/**
 * Partial order sampling (X. Yuan, J. Yang, R. Gu: Partial Order Aware Concurrency Sampling, CAV 2018). Each event that may be next has a random
 * priority. When one has been taken, those that race with it get new ones, so that the order of every race is drawn anew, and orders that
 * do not matter are not drawn twice as often as others. Two events race if one writes what the other reads or writes.
 */
export function pos({ program, offers, random }: SchedulerContext): Scheduler {
  const footprints = new FootprintCache(program);
  const priorities = new Float64Array(offers.actorOf.length);
  const unset = -1;

  return {
    beginRun: () => priorities.fill(unset),
    priority: (choice) => {
      if (priorities[choice] === unset) priorities[choice] = random.fraction();
      return priorities[choice];
    },
    onStep: (choice, before) => {
      const taken = footprints.footprintOf(before, choice);
      const actor = offers.actorOf[choice];
      for (let n = 0; n < offers.count; n++) {
        const other = offers.ids[n];
        if (offers.actorOf[other] === actor || conflict(footprints.footprintOf(before, other), taken))
          priorities[other] = unset;
      }
    },
  };
}
