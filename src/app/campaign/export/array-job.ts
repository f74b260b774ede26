import { PrecopyError } from '../../../model/errors.ts';
import type { Plan } from '../plan-schema.ts';

/** The tasks that a scheduler runs: each runs every nth shard of a campaign. */
export interface ArrayJob {
  /** name of the campaign */
  readonly name: string;
  /** folder of the campaign, as the tasks see it */
  readonly folder: string;
  readonly tasks: number;
  readonly shards: number;
  /** memory of a task, in bytes */
  readonly memoryBytes: number;
  /** how often a task that was killed or interrupted is run again */
  readonly retries: number;
  /** most tasks that run at the same time; undefined: as many as the scheduler has room for */
  readonly concurrency?: number | undefined;
  /** time limit of a task, in seconds; undefined: that of the scheduler */
  readonly seconds?: number | undefined;
}

/** What the user decides of an array job, and the plan does not. */
export type ArrayJobOptions = Pick<ArrayJob, 'retries' | 'concurrency' | 'seconds'> & {
  /** number of tasks; by default as many as are worth their start */
  readonly tasks?: number | undefined;
  /** memory of a task, in bytes; by default half as much again as the largest estimate of a shard */
  readonly memoryBytes?: number | undefined;
};

/** What a scheduler takes. */
export interface ArrayLimits {
  /** most tasks of an array */
  readonly maxTasks: number;
  /** time that a task should take at least, in seconds: its start costs a part of it */
  readonly worthwhileSeconds: number;
}

const gibibyte = 2 ** 30;
const leastMemoryBytes = 2 * gibibyte;
/** Where a plan does not know what a shard takes. */
const unknownMemoryBytes = 4 * gibibyte;

/**
 * Divides the shards of a plan among the tasks of an array.
 * @param folder of the campaign
 * @throws PrecopyError `BAD_PARAMETER` for more tasks than the scheduler takes
 */
export function arrayJobOf(plan: Plan, folder: string, options: ArrayJobOptions, limits: ArrayLimits): ArrayJob {
  const { tasks = worthwhileTasks(plan, limits), memoryBytes = likelyMemory(plan), ...rest } = options;
  if (tasks > limits.maxTasks) {
    throw new PrecopyError('BAD_PARAMETER', `--tasks is ${tasks}`, `give at most ${limits.maxTasks}`);
  }
  const shards = plan.shards.length;
  return { name: plan.name, folder, tasks: Math.max(1, Math.min(tasks, shards)), shards, memoryBytes, ...rest };
}

/**
 * Returns the options of `campaign run` in a task: a task that is run again tries its failed shards again. Searches may
 * use three quarters of the memory of the task, as Node and the code need some.
 */
export const runOptions = ({ memoryBytes }: ArrayJob): string =>
  `--retry-failed --memory ${Math.floor((memoryBytes * 3) / 4)}B`;

function worthwhileTasks({ tasks, shards }: Plan, { maxTasks, worthwhileSeconds }: ArrayLimits): number {
  const each = shards.map(({ task }) => tasks[task]?.estimate.seconds ?? worthwhileSeconds);
  const total = each.reduce((sum, seconds) => sum + seconds, 0);
  return Math.min(maxTasks, Math.ceil(total / worthwhileSeconds));
}

function likelyMemory({ tasks }: Plan): number {
  const estimates = tasks.map(({ estimate }) => estimate.memoryBytes ?? unknownMemoryBytes / 1.5);
  const largest = estimates.reduce((most, bytes) => Math.max(most, bytes), 0);
  return Math.max(leastMemoryBytes, Math.ceil((largest * 1.5) / gibibyte) * gibibyte);
}
