import { relative, resolve } from 'node:path';
import { type ArrayJob, type ArrayLimits, arrayJobOf } from '../../app/campaign/export/array-job.ts';
import { githubWorkflow } from '../../app/campaign/export/github-actions.ts';
import { parallelScript } from '../../app/campaign/export/gnu-parallel.ts';
import { kubernetesManifest } from '../../app/campaign/export/kubernetes.ts';
import { executable, schedulerLimits } from '../../app/campaign/export/schedulers.ts';
import { slurmScript } from '../../app/campaign/export/slurm.ts';
import { readPlan } from '../../app/campaign/plan-file.ts';
import { PrecopyError } from '../../model/errors.ts';
import { showBytes, showCount } from '../options/units.ts';
import { plural } from '../report/plural.ts';

/** Flags of `campaign export`, as commander parses them. */
export interface ExportFlags {
  readonly tasks?: number;
  readonly concurrency?: number;
  readonly memory?: number;
  readonly retries?: number;
  readonly time?: number;
}

export type KubernetesFlags = ExportFlags & { readonly image: string; readonly claim: string };

/** Prints a batch script of Slurm. */
export function exportSlurm(folder: string, flags: ExportFlags): void {
  print(slurmScript(jobOf(folder, flags, schedulerLimits.slurm), executable));
}

/** Prints a manifest of Kubernetes. */
export function exportKubernetes(folder: string, flags: KubernetesFlags): void {
  print(kubernetesManifest(jobOf(folder, flags, schedulerLimits.kubernetes), flags));
}

/**
 * Prints a workflow of GitHub Actions.
 * @throws PrecopyError `BAD_PARAMETER` for a folder that is not below the working directory
 */
export function exportGithub(folder: string, flags: ExportFlags): void {
  const fromRoot = relative('.', folder);
  if (fromRoot === '' || fromRoot.startsWith('..')) {
    const remedy = 'start the command at the root of the repository, and keep the campaign in it';
    throw new PrecopyError('BAD_PARAMETER', `${folder} is not in a folder of this one`, remedy);
  }
  const job = jobOf(folder, flags, schedulerLimits.github);
  print(githubWorkflow({ ...job, folder: fromRoot }));
}

/** Prints a script for GNU parallel. */
export function exportParallel(folder: string, flags: ExportFlags): void {
  print(parallelScript(jobOf(folder, flags, schedulerLimits.parallel), executable));
}

function jobOf(folder: string, flags: ExportFlags, limits: ArrayLimits): ArrayJob {
  const { tasks, concurrency, memory, retries = 0, time } = flags;
  const options = { tasks, concurrency, memoryBytes: memory, retries, seconds: time };
  const job = arrayJobOf(readPlan(folder), resolve(folder), options, limits);
  const each = Math.ceil(job.shards / job.tasks);
  const size = `${plural(job.tasks, 'task')} of up to ${plural(each, 'shard')}, ${showBytes(job.memoryBytes)} each`;
  process.stderr.write(`${job.name}: ${showCount(job.shards)} shards in ${size}\n`);
  return job;
}

/** Prints a script as it is: a scheduler reads it. */
function print(text: string): void {
  process.stdout.write(text);
}
