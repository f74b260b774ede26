import { createHash } from 'node:crypto';
import { PrecopyError } from '../../model/errors.ts';
import { designs, resolveTargets, type Target } from '../designs/design-registry.ts';
import type { CheckGroup, NamedCampaign, SimulateGroup } from './campaign-schema.ts';
import { type Members, type PreparedCheck, prepareChecks, type SearchSpec, searchesOf, seedsOf } from './check-task.ts';
import { type Folders, fromCampaignPath, toPlanPath } from './plan-paths.ts';
import type { Shard } from './plan-schema.ts';
import { type PreparedSimulation, pointsOf, prepareSimulation } from './simulate-task.ts';

/** A task that is not estimated yet, with its job or experiment, and its shards. */
export type PreparedTask = (PreparedCheck | PreparedSimulation) & {
  /** seeds of a search, or numbers of runs; undefined for a search without chance, which is one shard */
  readonly members: Members | undefined;
};

/** A campaign whose tasks are compiled. */
export interface Expansion {
  /** files of designs, relative to the plan, in the order in which they are loaded */
  readonly files: readonly string[];
  readonly tasks: readonly PreparedTask[];
}

/** A group of a campaign, whose designs are loaded. */
interface Group {
  /** its place in the campaign file */
  readonly place: string;
  /** number of shards, if each search is one task: a search for two kinds of properties is two */
  readonly leastShards: number;
  readonly prepare: () => Promise<PreparedTask[]>;
}

/** More shards than this are asked for explicitly. */
const maxShards = 100_000;
/** More shards than this do not fit into the file of a plan. */
const mostShards = 5_000_000;

/**
 * Expands a campaign into tasks, and compiles each, so that a mistake is reported before the first shard runs.
 * @param options.isLarge true if the user knows that there are many shards
 * @throws PrecopyError `TOO_LARGE` for too many shards; with the place of its group, the error of a search or of a
 *   simulation
 */
export async function expandCampaign(
  { check = [], simulate = [] }: NamedCampaign,
  folders: Folders,
  { isLarge }: { readonly isLarge: boolean },
): Promise<Expansion> {
  const files = new Set<string>();
  const load = async (names: readonly string[] | undefined): Promise<readonly Target[]> => {
    if (names === undefined) return designs.map((design) => ({ design }));
    const targets = await resolveTargets(names.map((name) => nameFromHere(name, folders.campaign)));
    for (const { file } of targets) if (file !== undefined) files.add(file);
    return targets;
  };
  // All files are loaded before the first one is hashed: they may share modules.
  const groups: Omit<Group, 'place'>[] = [];
  for (const [n, group] of check.entries()) {
    groups.push(await at(`check[${n}]`, async () => checkGroup(group, await load(group.designs))));
  }
  for (const [n, group] of simulate.entries()) {
    groups.push(await at(`simulate[${n}]`, async () => simulateGroup(group, await load(group.designs), folders)));
  }
  const placed = groups.map((group, n) => ({
    ...group,
    place: n < check.length ? `check[${n}]` : `simulate[${n - check.length}]`,
  }));
  assertNotTooMany(placed, isLarge);
  const tasks: PreparedTask[] = [];
  for (const { place, prepare } of placed) tasks.push(...(await at(place, prepare)));
  const fromHere = { ...folders, campaign: '.' };
  return { files: [...files].map((file) => toPlanPath(file, fromHere)), tasks };
}

async function checkGroup(group: CheckGroup, targets: readonly Target[]): Promise<Omit<Group, 'place'>> {
  const searches = await searchesOf(group, targets, group.designs !== undefined);
  const seeds = ({ options }: SearchSpec): Members | undefined => seedsOf(group, options);
  return {
    leastShards: searches.reduce((sum, search) => sum + (seeds(search)?.count ?? 1), 0),
    prepare: async () => {
      const prepared: PreparedTask[] = [];
      for (const search of searches) {
        for (const one of await prepareChecks(search)) prepared.push({ ...one, members: seeds(search) });
      }
      return prepared;
    },
  };
}

async function simulateGroup(
  group: SimulateGroup,
  targets: readonly Target[],
  folders: Folders,
): Promise<Omit<Group, 'place'>> {
  const points = pointsOf(group, targets, folders);
  const members = { first: 0, count: group.runs ?? 1 };
  return {
    leastShards: targets.length * points.length * members.count,
    prepare: async () => {
      const prepared: PreparedTask[] = [];
      for (const point of points) {
        for (const target of targets) prepared.push({ ...(await prepareSimulation(target, point, folders)), members });
      }
      return prepared;
    },
  };
}

/** Returns the shards of tasks, in order. A shard that two tasks have is listed once. */
export function shardsOf(tasks: readonly PreparedTask[]): Shard[] {
  const shards = new Map<string, Shard>();
  for (const [index, { task, members }] of tasks.entries()) {
    for (let nth = 0; nth < (members?.count ?? 1); nth++) {
      const member = members && members.first + nth;
      const id = shardId(task.hash, member);
      const part = member === undefined ? {} : task.kind === 'check' ? { seed: member } : { run: member };
      if (!shards.has(id)) shards.set(id, { id, task: index, ...part });
    }
  }
  return [...shards.values()];
}

/** Returns the name of a shard: the hash of what it does. */
function shardId(taskHash: string, member: number | undefined): string {
  const hash = createHash('sha256').update(`${taskHash} ${member ?? ''}`);
  return hash.digest('hex').slice(0, 20);
}

function nameFromHere(name: string, folder: string): string {
  return /\.[cm]?[jt]s(:|$)/.test(name) ? fromCampaignPath(name, folder) : name;
}

function assertNotTooMany(groups: readonly Group[], isLarge: boolean): void {
  const count = groups.reduce((sum, { leastShards }) => sum + leastShards, 0);
  if (count <= (isLarge ? mostShards : maxShards)) return;
  const each = groups.map(({ place, leastShards }) => `${place} ${leastShards.toLocaleString('en')}`);
  const cause = `the campaign has at least ${count.toLocaleString('en')} shards (${each.join(', ')})`;
  const remedy = 'lower `seeds`, `runs` or the number of combinations';
  const further = count > mostShards ? `a plan has at most ${mostShards.toLocaleString('en')}` : 'or give --yes';
  throw new PrecopyError('TOO_LARGE', cause, `${remedy}; ${further}`);
}

/** Says of an error which group of the campaign has the mistake. */
async function at<T>(place: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof PrecopyError)) throw error;
    throw Object.assign(new PrecopyError(error.code, `${place}: ${error.message}`, error.remedy, error.excerpt), {
      cause: error,
    });
  }
}
