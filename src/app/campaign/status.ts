import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from '../files/process-name.ts';
import { partsOf } from './campaign-folder.ts';
import { CampaignState } from './campaign-state.ts';
import { parse, textAt } from './lease.ts';
import { shardLabel } from './merge.ts';
import type { Plan, Shard, Task } from './plan-schema.ts';

/** A shard that a worker has the lease of. */
export interface RunningShard {
  readonly shard: Shard;
  readonly label: string;
  readonly worker: string;
  /** `gone`: its process has ended, or the lease was not renewed while it was watched */
  readonly state: 'running' | 'gone';
}

/** How far a campaign is. */
export interface CampaignStatus {
  readonly planned: number;
  readonly done: number;
  readonly violated: number;
  readonly failed: number;
  readonly running: readonly RunningShard[];
  readonly left: number;
  /** of one core, for the shards that have no result; those whose time is unknown count nothing */
  readonly secondsLeft: number;
  /** number of shards without a result whose time is unknown */
  readonly unknown: number;
}

/** Watches the folder of a campaign. */
export class CampaignWatch {
  private readonly state: CampaignState;
  private readonly shards: ReadonlyMap<string, Shard>;
  private readonly beats = new Map<string, { readonly text: string; readonly sinceMs: number }>();

  constructor(
    private readonly folder: string,
    private readonly plan: Plan,
  ) {
    this.state = new CampaignState(plan, folder);
    this.shards = new Map(plan.shards.map((shard) => [shard.id, shard]));
  }

  /** Reads what has changed, and returns how far the campaign is. */
  status(): CampaignStatus {
    const { state, plan } = this;
    state.refresh();
    const measured = new Map<number, { count: number; seconds: number }>();
    const counts = { done: 0, violated: 0, failed: 0 };
    const open: Shard[] = [];
    for (const shard of plan.shards) {
      const known = state.of(shard);
      if (!known) {
        open.push(shard);
        continue;
      }
      counts[known.state]++;
      if (known.state === 'failed') continue;
      const { count, seconds } = measured.get(shard.task) ?? { count: 0, seconds: 0 };
      measured.set(shard.task, { count: count + 1, seconds: seconds + known.seconds });
    }
    const running = this.running();
    let secondsLeft = 0;
    let unknown = 0;
    for (const { task: index } of open) {
      const sums = measured.get(index);
      const seconds = sums ? sums.seconds / sums.count : (plan.tasks[index] as Task).estimate.seconds;
      if (seconds === null) unknown++;
      else secondsLeft += seconds;
    }
    return {
      planned: plan.shards.length,
      ...counts,
      done: counts.done + counts.violated,
      running,
      left: open.length,
      secondsLeft,
      unknown,
    };
  }

  private running(): RunningShard[] {
    const { leases } = partsOf(this.folder);
    return readdirSync(leases).flatMap((name): RunningShard[] => {
      const shard = this.shards.get(name);
      if (!shard || this.state.of(shard)) return [];
      const text = textAt(join(leases, name));
      const lease = parse(text);
      if (text === undefined || !lease) return [];
      const task = this.plan.tasks[shard.task] as Task;
      const isGone = !isAlive(lease.owner) || this.isSilent(name, text, lease.renewedEverySeconds);
      return [{ shard, label: shardLabel(task, shard), worker: lease.worker, state: isGone ? 'gone' : 'running' }];
    });
  }

  /** Returns true if a lease has not changed for four of its intervals, by the clock of this process. */
  private isSilent(name: string, text: string, everySeconds: number): boolean {
    const before = this.beats.get(name);
    if (before?.text !== text) {
      this.beats.set(name, { text, sinceMs: performance.now() });
      return false;
    }
    return performance.now() - before.sinceMs > 4000 * everySeconds;
  }
}
