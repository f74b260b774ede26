import { partsOf } from './campaign-folder.ts';
import type { Plan, Shard } from './plan-schema.ts';
import type { FailedOutcome, ShardRecord } from './record-schema.ts';
import { ResultReader } from './result-file.ts';

/** What is known of a shard that has a record. */
export interface ShardState {
  readonly state: 'done' | 'violated' | 'failed';
  readonly seconds: number;
  readonly failure?: FailedOutcome;
}

/** Which shards of a campaign have results, as workers append them. */
export class CampaignState {
  /** index of the least shard of a design that violates a property; infinite if there is none */
  leastViolation = Number.POSITIVE_INFINITY;
  private readonly states = new Map<string, ShardState>();
  private readonly indices: ReadonlyMap<string, number>;
  private readonly reader: ResultReader;

  constructor(
    private readonly plan: Plan,
    folder: string,
  ) {
    this.reader = new ResultReader(partsOf(folder).results);
    this.indices = new Map(plan.shards.map(({ id }, index) => [id, index]));
  }

  /** Reads what workers have appended since the last call. */
  refresh(): void {
    this.reader.refresh((record) => this.add(record));
  }

  /** Returns what is known of a shard; undefined if it has no record. */
  of({ id }: Shard): ShardState | undefined {
    return this.states.get(id);
  }

  /** Returns the position of a shard in the plan. */
  indexOf({ id }: Shard): number {
    return this.indices.get(id) as number;
  }

  /** Forgets the failures, so that the shards run again. */
  forgetFailures(): void {
    for (const [id, { state }] of this.states) if (state === 'failed') this.states.delete(id);
  }

  add({ shard, seconds, outcome }: ShardRecord): void {
    const index = this.indices.get(shard);
    if (index === undefined) return;
    if (outcome.kind === 'failed') {
      if (!this.states.has(shard)) this.states.set(shard, { state: 'failed', seconds, failure: outcome });
      return;
    }
    const isViolated =
      outcome.kind === 'check' ? outcome.entry.verdict === 'violated' : outcome.run.figures.violation !== undefined;
    this.states.set(shard, { state: isViolated ? 'violated' : 'done', seconds });
    const task = this.plan.tasks[this.plan.shards[index]?.task ?? 0];
    const isMutant = task?.kind === 'check' && task.mutantOf !== undefined;
    if (isViolated && !isMutant) this.leastViolation = Math.min(this.leastViolation, index);
  }
}
