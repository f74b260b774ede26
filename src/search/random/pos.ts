import { conflict } from '../../cache/access-sets.ts';
import { FootprintCache } from '../dpor/footprints.ts';
import type { Scheduler, SchedulerContext } from './scheduler.ts';

/**
 * Partial order sampling, POS (X. Yuan, J. Yang and R. Gu, Partial Order Aware Concurrency Sampling, CAV 2018).
 *
 * Each enabled event has a random priority. After a step, the events that race with it draw new priorities: the order
 * of each race is sampled independently, and orders of independent events are not sampled more often than others.
 *
 * Here the enabled events are choices. Two choices race if one actor takes both, or if one writes a bit of the state
 * that the other reads or writes. Footprints of alternatives are observed in the state before the step.
 */
export function pos({ program, choices, random }: SchedulerContext): Scheduler {
  const footprints = new FootprintCache(program);
  const priorities = new Float64Array(choices.actorOf.length);
  const undrawn = -1;

  return {
    beginRun: () => priorities.fill(undrawn),
    priority: (choice) => {
      if (priorities[choice] === undrawn) priorities[choice] = random.fraction();
      return priorities[choice];
    },
    onStep: (choice, before) => {
      const footprint = footprints.footprintOf(before, choice);
      const actor = choices.actorOf[choice];
      for (let n = 0; n < choices.count; n++) {
        const other = choices.ids[n];
        if (choices.actorOf[other] === actor || conflict(footprints.footprintOf(before, other), footprint))
          priorities[other] = undrawn;
      }
    },
  };
}
