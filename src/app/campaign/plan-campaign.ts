import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { loadCampaign } from './campaign-file.ts';
import { isCampaignFolder, partsOf } from './campaign-folder.ts';
import { ownVersion } from './code-version.ts';
import { estimateTasks, FormerRuns } from './estimate.ts';
import { expandCampaign, type PreparedTask, shardsOf } from './expand.ts';
import { assertOwnVersion, readPlan, writePlan } from './plan-file.ts';
import { toPlanPath } from './plan-paths.ts';
import type { Plan, Task } from './plan-schema.ts';
import { ResultReader } from './result-file.ts';

/** A plan, and the folder that it was written to. */
export interface PlannedCampaign {
  readonly folder: string;
  readonly plan: Plan;
}

/**
 * Plans a campaign, and writes the plan into its folder. Results in the folder stay, and count for their shards.
 * @param file YAML, or a TypeScript module
 * @param options.out the folder; by default named for the campaign, in the working directory
 * @param options.isLarge true if the user knows that there are many shards
 * @throws PrecopyError for a mistake in the campaign, too many shards, a folder that cannot be written, and a folder
 *   with the plan of another version of precopy
 */
export async function planCampaign(
  file: string,
  { out, isLarge }: { readonly out?: string | undefined; readonly isLarge: boolean },
): Promise<PlannedCampaign> {
  const campaign = await loadCampaign(file);
  const folder = out ?? `${campaign.name}.campaign`;
  if (isCampaignFolder(folder)) assertOwnVersion(folder, readPlan(folder));
  const folders = { campaign: dirname(file), plan: folder };
  const { files, tasks: prepared } = await expandCampaign(campaign, folders, { isLarge });
  const estimates = await estimateTasks(prepared, formerRuns(folder));
  const tasks = prepared.map((one, n): Task => {
    const path = fileOf(one);
    const estimate = estimates[n] as Task['estimate'];
    if (path === undefined) return { ...one.task, estimate } as Task;
    const file = toPlanPath(path, { ...folders, campaign: '.' });
    return { ...one.task, file, label: `${file}:${one.task.label}`, estimate } as Task;
  });
  const plan: Plan = {
    format: 'precopy-campaign-plan',
    version: 1,
    name: campaign.name,
    precopy: ownVersion(),
    files,
    tasks,
    shards: shardsOf(prepared),
  };
  writePlan(folder, plan);
  return { folder, plan };
}

const fileOf = (prepared: PreparedTask): string | undefined =>
  'job' in prepared ? prepared.job.file : prepared.experiment.file;

function formerRuns(folder: string): FormerRuns {
  const former = new FormerRuns();
  const { results } = partsOf(folder);
  if (!statSync(results, { throwIfNoEntry: false })?.isDirectory()) return former;
  new ResultReader(results).refresh((record) => former.add(record));
  return former;
}

/** What a campaign costs. */
export interface Cost {
  /** of one core, for the shards whose time is known; those that have results are left out */
  readonly seconds: number;
  /** number of shards whose time is unknown */
  readonly unknown: number;
  /** of the largest shard whose memory is known */
  readonly memoryBytes: number;
}

/** Sums the estimates of shards. */
export function costOf({ tasks }: Plan, shards: Plan['shards']): Cost {
  let seconds = 0;
  let unknown = 0;
  let memoryBytes = 0;
  for (const { task } of shards) {
    const { estimate } = tasks[task] as Task;
    if (estimate.seconds === null) unknown++;
    else seconds += estimate.seconds;
    memoryBytes = Math.max(memoryBytes, estimate.memoryBytes ?? 0);
  }
  return { seconds, unknown, memoryBytes };
}
