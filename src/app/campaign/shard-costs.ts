import type { ShardCost } from '../../report/campaign-page.ts';
import { collectRecords, shardLabel } from './merge.ts';
import type { Task } from './plan-schema.ts';

/** Points of a chart: a reader does not tell more apart. */
const maxPoints = 2000;

/**
 * Returns what the shards of a campaign that are done have taken, in the order of the plan, in few points.
 * @throws PrecopyError `BAD_FILE`, as `mergeResults`
 */
export function shardCosts(folders: readonly string[]): ShardCost[] {
  const { plan, records } = collectRecords(folders);
  const costs = plan.shards.flatMap((shard, index): ShardCost[] => {
    const record = records.of(shard);
    if (!record || record.failure) return [];
    const label = shardLabel(plan.tasks[shard.task] as Task, shard);
    const { seconds, memoryBytes } = record;
    return [{ nth: index + 1, shards: 1, label, seconds, memoryBytes }];
  });
  return joinNeighbours(costs, maxPoints);
}

/** Joins neighbours, so that at most `count` are left: the one that took longest, with the most memory of them. */
export function joinNeighbours(costs: readonly ShardCost[], count: number): ShardCost[] {
  const size = Math.ceil(costs.length / count);
  const joined: ShardCost[] = [];
  for (let first = 0; first < costs.length; first += size) {
    const group = costs.slice(first, first + size);
    const longest = group.reduce((most, cost) => (cost.seconds > most.seconds ? cost : most));
    const memoryBytes = Math.max(...group.map((cost) => cost.memoryBytes));
    joined.push({ ...longest, shards: group.length, memoryBytes });
  }
  return joined;
}
