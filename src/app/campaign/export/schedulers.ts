import { fileURLToPath } from 'node:url';
import type { ArrayLimits } from './array-job.ts';

/** Limits of the schedulers as they are configured by default. */
export const schedulerLimits = {
  /** `MaxArraySize` of slurm.conf is 1001 by default */
  slurm: { maxTasks: 1000, worthwhileSeconds: 60 },
  /** with `backoffLimitPerIndex`, `completions` is at most 100,000 */
  kubernetes: { maxTasks: 100_000, worthwhileSeconds: 60 },
  /** jobs of a matrix; each installs the project */
  github: { maxTasks: 256, worthwhileSeconds: 600 },
  parallel: { maxTasks: 100_000, worthwhileSeconds: 60 },
} as const satisfies Readonly<Record<string, ArrayLimits>>;

/** Path of the executable of this precopy. */
export const executable = fileURLToPath(new URL('bin/precopy.js', import.meta.resolve('#package/package.json')));
