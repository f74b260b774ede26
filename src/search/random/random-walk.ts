import type { Scheduler, SchedulerContext } from './scheduler.ts';

/** Random walk: each enabled choice is equally likely. */
export const randomWalk = ({ random }: SchedulerContext): Scheduler => ({
  beginRun: () => {},
  priority: () => random.fraction(),
  onStep: () => {},
});
