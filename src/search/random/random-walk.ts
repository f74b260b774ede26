import type { Scheduler, SchedulerContext } from './scheduler.ts';

/** A random walk: of what can be taken, each choice is as likely as any other. */
export const randomWalk = ({ random }: SchedulerContext): Scheduler => ({
  beginRun: () => {},
  priority: () => random.fraction(),
  onStep: () => {},
});
