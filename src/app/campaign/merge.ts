import { statSync } from 'node:fs';
import { PrecopyError } from '../../model/errors.ts';
import type { Verdict } from '../../search/exploration.ts';
import { RunAggregate } from '../../simulate/aggregate-runs.ts';
import { deserializeRun, type SerializedRun } from '../../simulate/run-serialization.ts';
import { oneLine } from '../wording.ts';
import { isCampaignFolder } from './campaign-folder.ts';
import { type Chosen, CollectedRecords } from './collected-records.ts';
import { JoinedChecks, joined } from './join-checks.ts';
import type { CampaignDocument, CheckEntry, ShardCounts, SimulateEntry } from './merge-schema.ts';
import { assertOwnVersion, readPlan } from './plan-file.ts';
import type { CheckTask, Plan, Shard, SimulateTask, Task } from './plan-schema.ts';
import type { ShardRecord } from './record-schema.ts';
import { recordAt } from './result-file.ts';

/**
 * Joins the results in some folders. The order of the folders does not matter, nor how often a result is in them.
 * @param commandFor returns the command that runs a shard
 * @throws PrecopyError `BAD_FILE` if no folder has a plan, or one has the plan of another version of precopy
 */
export function mergeResults(
  folders: readonly string[],
  commandFor: (folder: string, shard: Shard) => string,
): CampaignDocument {
  const { plan, planFolder, records } = collectRecords(folders);
  return new Merge(plan, records, (shard) => commandFor(planFolder, shard)).document();
}

/**
 * Reads the plan of a campaign and the records in some folders.
 * @throws PrecopyError `BAD_FILE`, as `mergeResults`
 */
export function collectRecords(folders: readonly string[]): {
  readonly plan: Plan;
  readonly planFolder: string;
  readonly records: CollectedRecords;
} {
  for (const folder of folders) {
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) continue;
    throw new PrecopyError('BAD_FILE', `there is no folder ${folder}`, 'name the folders that have results');
  }
  const planned = folders.filter(isCampaignFolder);
  const [planFolder = folders[0] as string] = planned;
  for (const folder of planned) assertOwnVersion(folder, readPlan(folder));
  const plan = readPlan(planFolder);
  const records = new CollectedRecords(plan);
  for (const folder of folders) records.addFolder(folder);
  return { plan, planFolder, records };
}

class Merge {
  private readonly shardsByTask: readonly Shard[][];

  constructor(
    private readonly plan: Plan,
    private readonly records: CollectedRecords,
    private readonly commandFor: (shard: Shard) => string,
  ) {
    const byTask: Shard[][] = plan.tasks.map(() => []);
    for (const shard of plan.shards) byTask[shard.task]?.push(shard);
    this.shardsByTask = byTask;
  }

  document(): CampaignDocument {
    const { plan, records } = this;
    const check: CheckEntry[] = [];
    const simulate: SimulateEntry[] = [];
    for (const [n, task] of plan.tasks.entries()) {
      const shards = this.shardsByTask[n] ?? [];
      if (task.kind === 'check') check.push(this.joinChecks(task, shards));
      else simulate.push(this.joinRuns(task, shards));
    }
    const mutants = this.mutants(check);
    const shards = this.countsOf(plan.shards);
    return {
      format: 'precopy-campaign',
      version: 1,
      name: plan.name,
      precopy: plan.precopy,
      verdict: verdictOf(check, mutants, simulate, shards),
      shards,
      duplicates: records.duplicates,
      check,
      mutants,
      simulate,
      missing: this.problems((chosen) => chosen === undefined).map(({ shard, label }) => ({
        shard: shard.id,
        label,
        command: this.commandFor(shard),
      })),
      failed: this.problems((chosen) => chosen?.failure !== undefined).map(({ shard, label }) => {
        const { reason = '', cause = '', remedy = '' } = records.of(shard)?.failure ?? {};
        return { shard: shard.id, label, reason, cause, remedy, command: `${this.commandFor(shard)} --retry-failed` };
      }),
      contradictions: records.contradictions.map(({ shard, files }) => {
        const task = this.taskOf(plan.shards.find(({ id }) => id === shard) as Shard);
        return { shard, label: task.label, isExpected: isLimited(task), files };
      }),
      leftAlone: [...records.leftAlone].sort((a, b) => (a.file + a.why < b.file + b.why ? -1 : 1)),
      seconds: this.secondsOf(plan.shards),
    };
  }

  private joinChecks(task: CheckTask, shards: readonly Shard[]): CheckEntry {
    const join = new JoinedChecks(task);
    this.readEach(shards, (shard, { outcome }) => {
      if (outcome.kind === 'check') join.add(shard, outcome);
    });
    return join.entry(this.countsOf(shards), this.secondsOf(shards));
  }

  private joinRuns(task: SimulateTask, shards: readonly Shard[]): SimulateEntry {
    const aggregate = new RunAggregate();
    this.readEach(shards, (_, { outcome }) => {
      if (outcome.kind === 'simulate') aggregate.add(deserializeRun(outcome.run as SerializedRun));
    });
    const counts = this.countsOf(shards);
    const { design: id, title, invariants, swept, label } = task;
    const properties = invariants.map((invariant) => ({ id: invariant, kind: 'invariant' }));
    const figures = counts.done > 0 && aggregate.figuresOf({ id, title, properties }, this.secondsOf(shards));
    return { label, shards: counts, ...(figures && { figures: { ...figures, swept } }) };
  }

  /** Reads the records of shards that have results. One whose content cannot be decoded is left alone. */
  private readEach(shards: readonly Shard[], each: (shard: Shard, record: ShardRecord) => void): void {
    for (const shard of shards) {
      const chosen = this.records.of(shard);
      if (!chosen || chosen.failure) continue;
      try {
        each(shard, recordAt(chosen.place));
      } catch (error) {
        const why = `its record of ${shard.id} cannot be decoded: ${oneLine((error as Error).message)}`;
        this.records.leftAlone.push({ file: chosen.place.path, why });
        this.records.chosen.delete(shard.id);
      }
    }
  }

  /** A mutant is killed if one of its shards kills it, whatever the others say. */
  private mutants(check: readonly CheckEntry[]): CampaignDocument['mutants'] {
    const tasks = this.plan.tasks.filter((task): task is CheckTask => task.kind === 'check');
    const names = [...new Set(check.flatMap((entry) => (entry.mutantOf === undefined ? [] : [nameOf(entry)])))];
    const isKilled = (name: string): boolean =>
      check.some((entry) => nameOf(entry) === name && entry.verdict === 'violated');
    const hasSurvived = (name: string): boolean =>
      !isKilled(name) &&
      check.some((entry, n) => nameOf(entry) === name && entry.verdict === 'holds' && tasks[n]?.atOwnParams === true);
    return {
      killed: names.filter(isKilled),
      survived: names.filter(hasSurvived),
      undecided: names.filter((name) => !isKilled(name) && !hasSurvived(name)),
    };
  }

  private problems(test: (chosen: Chosen | undefined) => boolean): { shard: Shard; label: string }[] {
    return this.plan.shards
      .filter((shard) => test(this.records.of(shard)))
      .map((shard) => ({ shard, label: shardLabel(this.taskOf(shard), shard) }));
  }

  private taskOf({ task }: Shard): Task {
    return this.plan.tasks[task] as Task;
  }

  private countsOf(shards: readonly Shard[]): ShardCounts {
    const chosen = shards.flatMap((shard) => this.records.of(shard) ?? []);
    const failed = chosen.filter(({ failure }) => failure).length;
    return {
      planned: shards.length,
      done: chosen.length - failed,
      failed,
      missing: shards.length - chosen.length,
    };
  }

  private secondsOf(shards: readonly Shard[]): number {
    const sum = shards.reduce((total, shard) => total + (this.records.of(shard)?.seconds ?? 0), 0);
    return Math.round(sum * 1000) / 1000;
  }
}

/** Names the design of an entry. Two files may have a design of one id. */
const nameOf = ({ design, file }: CheckEntry): string => (file === undefined ? design : `${file}:${design}`);

/** Names a shard: its task, and its seed or run. */
export function shardLabel({ label }: Pick<Task, 'label'>, { seed, run }: Shard): string {
  if (seed !== undefined) return `${label}, seed ${seed}`;
  return run === undefined ? label : `${label}, run ${run}`;
}

/** Returns true if a limit of the plan makes the results of a task depend on the machine. */
export const isLimited = (task: Task): boolean =>
  task.kind === 'check' &&
  (task.search.maxSeconds !== undefined ||
    (task.search.maxMemoryBytes !== undefined && task.search.strategy !== 'bitstate'));

function verdictOf(
  check: readonly CheckEntry[],
  { survived, undecided }: CampaignDocument['mutants'],
  simulate: readonly SimulateEntry[],
  { done, planned }: ShardCounts,
): Verdict {
  const ofDesigns = check.flatMap(({ mutantOf, verdict }) => (mutantOf === undefined ? [verdict] : []));
  const ofRuns = simulate.flatMap(({ figures }): Verdict[] => {
    if (figures?.violation) return ['violated'];
    return [figures?.endedEarly === undefined ? 'holds' : 'inconclusive'];
  });
  const ofMutants = [...survived.map((): Verdict => 'violated'), ...undecided.map((): Verdict => 'inconclusive')];
  return joined([...ofDesigns, ...ofRuns, ...ofMutants], done === planned);
}
