import { pct } from './pct.ts';
import { pos } from './pos.ts';
import { randomWalk } from './random-walk.ts';
import type { Scheduler, SchedulerContext } from './scheduler.ts';

/** All randomized schedulers, by their names on the command line. */
export const schedulers = { random: randomWalk, pct, pos } as const satisfies Readonly<
  Record<string, (context: SchedulerContext) => Scheduler>
>;

export type SchedulerName = keyof typeof schedulers;
