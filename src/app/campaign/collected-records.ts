import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { isCampaignFolder, partsOf } from './campaign-folder.ts';
import { versionText } from './code-version.ts';
import type { Plan, Shard } from './plan-schema.ts';
import type { FailedOutcome, Outcome, ShardRecord } from './record-schema.ts';
import { type LeftAlone, type RecordPlace, ResultReader } from './result-file.ts';

/** The record that counts of a shard. */
export interface Chosen {
  readonly place: RecordPlace;
  readonly seconds: number;
  /** of the process, when the shard ended */
  readonly memoryBytes: number;
  readonly failure: FailedOutcome | undefined;
  /** hash of the outcome */
  readonly hash: string;
  /** the worker that wrote it */
  readonly worker: string;
  readonly rank: number;
}

/** Two different results of a shard. */
export interface Contradiction {
  readonly shard: string;
  readonly files: readonly string[];
}

/**
 * Collects the records of a campaign from folders, each record once. Which record counts depends on the records only,
 * not on the order in which they are read.
 */
export class CollectedRecords {
  readonly chosen = new Map<string, Chosen>();
  readonly leftAlone: LeftAlone[] = [];
  duplicates = 0;
  private readonly conflicting = new Map<string, Set<string>>();
  private readonly planned: ReadonlySet<string>;

  constructor(private readonly plan: Plan) {
    this.planned = new Set(plan.shards.map(({ id }) => id));
  }

  /** Adds the records of a folder: of the folder of a campaign, which may have none yet, or one with result files. */
  addFolder(folder: string): void {
    const { results } = partsOf(folder);
    if (isCampaignFolder(folder) && !existsSync(results)) return;
    const reader = new ResultReader(statSync(results, { throwIfNoEntry: false })?.isDirectory() ? results : folder);
    reader.refresh((record, place) => this.add(record, place));
    this.leftAlone.push(...reader.leftAlone, ...reader.tornFiles());
  }

  /** Returns the shards that have different results. */
  get contradictions(): Contradiction[] {
    return [...this.conflicting]
      .map(([shard, files]) => ({ shard, files: [...files].sort() }))
      .sort((a, b) => (a.shard < b.shard ? -1 : 1));
  }

  of({ id }: Shard): Chosen | undefined {
    return this.chosen.get(id);
  }

  private add(record: ShardRecord, place: RecordPlace): void {
    const { shard, outcome, seconds, memoryBytes, worker, precopy } = record;
    if (!this.planned.has(shard)) {
      const isOther = precopy.code !== this.plan.precopy.code;
      const why = isOther ? `it was written by ${versionText(precopy)}` : `the plan has no shard ${shard}`;
      this.leftAlone.push({ file: place.path, why });
      return;
    }
    const failure = outcome.kind === 'failed' ? outcome : undefined;
    const found = { place, seconds, memoryBytes, failure, hash: hashOf(outcome), worker, rank: rankOf(outcome) };
    const before = this.chosen.get(shard);
    if (before && !failure && !before.failure) {
      if (before.hash === found.hash) this.duplicates++;
      else this.noteConflict(shard, [before.place.path, place.path]);
    }
    if (!before || compare(found, before) < 0) this.chosen.set(shard, found);
  }

  private noteConflict(shard: string, paths: readonly string[]): void {
    const files = this.conflicting.get(shard) ?? new Set();
    for (const path of paths) files.add(path);
    this.conflicting.set(shard, files);
  }
}

const hashOf = (outcome: Outcome): string => createHash('sha256').update(JSON.stringify(outcome)).digest('hex');

/** Ranks an outcome: a violation before a proof, before a search that was stopped, before a failure. */
function rankOf(outcome: Outcome): number {
  if (outcome.kind === 'failed') return 3;
  if (outcome.kind === 'simulate') return outcome.run.figures.endedEarly ? 1 : 0;
  return { violated: 0, holds: 1, inconclusive: 2 }[outcome.entry.verdict];
}

/** Orders the records of a shard: the one that counts is the least. */
function compare(a: Chosen, b: Chosen): number {
  if (a.rank !== b.rank) return a.rank - b.rank;
  if (a.hash !== b.hash) return a.hash < b.hash ? -1 : 1;
  if (a.seconds !== b.seconds) return a.seconds - b.seconds;
  return a.worker < b.worker ? -1 : 1;
}
