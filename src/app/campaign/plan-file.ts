import { closeSync, fsyncSync, openSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { PrecopyError } from '../../model/errors.ts';
import { writeFully } from '../files/binary-io.ts';
import { ensureDirectory } from '../files/ensure-directory.ts';
import { oneLine } from '../wording.ts';
import { partsOf } from './campaign-folder.ts';
import { ownVersion, versionText } from './code-version.ts';
import { type Plan, planSchema } from './plan-schema.ts';

/** Larger than the plan of any campaign, in bytes. */
const maxPlanBytes = 1 << 29;

/**
 * Writes the plan of a campaign into its folder, atomically.
 * @throws PrecopyError `BAD_FILE` if it cannot be written
 */
export function writePlan(folder: string, plan: Plan): void {
  const { plan: path, results, leases, checkpoints } = partsOf(folder);
  const next = `${path}.${process.pid}`;
  try {
    for (const directory of [folder, results, leases, checkpoints]) ensureDirectory(directory);
    const file = openSync(next, 'w', 0o644);
    try {
      writeFully(file, Buffer.from(textOf(plan)));
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(next, path);
  } catch (error) {
    rmSync(next, { force: true });
    const cause = `${path} cannot be written: ${oneLine((error as Error).message)}`;
    throw new PrecopyError('BAD_FILE', cause, 'name another folder with --out');
  }
}

/** Formats a plan: a line for each task and shard. */
function textOf({ tasks, shards, ...header }: Plan): string {
  const lines = (all: readonly unknown[]): string => all.map((one) => JSON.stringify(one)).join(',\n');
  const start = JSON.stringify(header).slice(0, -1);
  return `${start},\n"tasks":[\n${lines(tasks)}\n],\n"shards":[\n${lines(shards)}\n]}\n`;
}

/**
 * Checks before the first shard that results can be written, and creates folders that a copy of the plan lacks.
 * @throws PrecopyError `BAD_FILE`
 */
export function assertWritableFolder(folder: string): void {
  const { results, leases, checkpoints } = partsOf(folder);
  for (const directory of [results, leases, checkpoints]) {
    try {
      ensureDirectory(directory);
    } catch (error) {
      const cause = `${directory} cannot be written: ${oneLine((error as Error).message)}`;
      throw new PrecopyError('BAD_FILE', cause, 'copy the campaign to a folder that can be written');
    }
  }
}

/**
 * Reads the plan of a campaign.
 * @throws PrecopyError `BAD_FILE` if the folder has none, or what it has is none
 */
export function readPlan(folder: string): Plan {
  const { plan: path } = partsOf(folder);
  const refuse = (why: string, remedy = 'plan the campaign again: precopy campaign plan'): never => {
    throw new PrecopyError('BAD_FILE', `${path} ${why}`, remedy);
  };
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) {
    const remedy = 'name the folder that `precopy campaign plan` wrote';
    throw new PrecopyError('BAD_FILE', `${folder} is not the folder of a campaign: it has no plan.json`, remedy);
  }
  if (!found.isFile()) return refuse('is not a regular file');
  if (found.size > maxPlanBytes) return refuse('is too large');
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    return refuse(`cannot be read: ${oneLine((error as Error).message)}`);
  }
  const parsed = planSchema.safeParse(content);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return refuse(`is not a plan: ${issue?.path.join('.')}: ${oneLine(issue?.message ?? '')}`);
  }
  const { tasks, shards } = parsed.data;
  if (shards.some(({ task }) => task >= tasks.length)) return refuse('is not a plan: a shard has no task');
  return parsed.data as Plan;
}

/**
 * Refuses a plan of another version of precopy, whose results could not be joined with those of this one.
 * @throws PrecopyError `BAD_FILE`
 */
export function assertOwnVersion(folder: string, { precopy }: Plan): void {
  const own = ownVersion();
  if (own.code === precopy.code && own.version === precopy.version) return;
  const cause = `${partsOf(folder).plan} was written by ${versionText(precopy)}, and this is ${versionText(own)}`;
  throw new PrecopyError('BAD_FILE', cause, 'use that one, or plan the campaign again in another folder');
}
