import { simulateRun } from '../../simulate/simulation-run.ts';
import { CheckRunner } from '../check/check-runner.ts';
import { engines, type SearchOptions } from '../check/engines.ts';
import type { CheckResult } from '../check/verification-job.ts';
import { stopwatch } from '../stop-condition.ts';
import type { PreparedTask } from './expand.ts';
import type { Estimate } from './plan-schema.ts';
import type { ShardRecord } from './record-schema.ts';

/** Time that all measurements together may take, and those of one task, in seconds. */
const budget = { all: 10, most: 0.5, least: 0.02 };

/** Times and sizes of shards that ran before. */
export class FormerRuns {
  private readonly byTask = new Map<string, Sums>();
  private readonly byLabel = new Map<string, Sums>();

  add({ task, label, seconds, memoryBytes, outcome }: ShardRecord): void {
    if (outcome.kind === 'failed') return;
    for (const [map, key] of [[this.byTask, task] as const, [this.byLabel, label] as const]) {
      const { count, seconds: time, memoryBytes: most } = map.get(key) ?? { count: 0, seconds: 0, memoryBytes: 0 };
      map.set(key, { count: count + 1, seconds: time + seconds, memoryBytes: Math.max(most, memoryBytes) });
    }
  }

  /** Returns the estimate from shards of a task; else from shards of the same description, of other code. */
  of({ hash, label }: { readonly hash: string; readonly label: string }): Estimate | undefined {
    const same = this.byTask.get(hash);
    const found = same ?? this.byLabel.get(label);
    if (!found) return undefined;
    const { count, seconds, memoryBytes } = found;
    const basis = `${count} earlier ${count === 1 ? 'shard' : 'shards'}${same ? '' : ' of other code'}`;
    return { seconds: seconds / count, memoryBytes, basis };
  }
}

interface Sums {
  readonly count: number;
  readonly seconds: number;
  readonly memoryBytes: number;
}

/**
 * Estimates the time and memory of a shard of each task: from former runs where there are any, otherwise from a short
 * measurement. What cannot be estimated is `null`: the length of a search says little before its end.
 */
export async function estimateTasks(tasks: readonly PreparedTask[], former: FormerRuns): Promise<Estimate[]> {
  const elapsed = stopwatch();
  const estimates: Estimate[] = [];
  const seconds = Math.min(budget.most, Math.max(budget.least, budget.all / tasks.length));
  for (const prepared of tasks) {
    const known = former.of(prepared.task);
    if (known) estimates.push(known);
    else if (elapsed() > budget.all) estimates.push(unknown('not measured: there are too many tasks'));
    else estimates.push(await measure(prepared, seconds));
  }
  return estimates;
}

function measure(prepared: PreparedTask, seconds: number): Promise<Estimate> | Estimate {
  return 'job' in prepared ? measureSearch(prepared, seconds) : measureRun(prepared, seconds);
}

const unknown = (basis: string): Estimate => ({ seconds: null, memoryBytes: null, basis });

async function measureSearch(
  { job, task, members }: Extract<PreparedTask, { readonly job: unknown }>,
  seconds: number,
): Promise<Estimate> {
  const { search } = task;
  const options = { ...search, maxSeconds: seconds, workers: 1, ...(members && { seed: members.first }) };
  const elapsed = stopwatch();
  const result = await new CheckRunner(options).run(job);
  const spent = elapsed();
  if (!result) return unknown('not measured: the search failed');
  const ofProcess = process.memoryUsage.rss();
  if (result.exploration.stoppedBy !== 'time') {
    return { seconds: spent, memoryBytes: ofProcess, basis: 'one search, to its end' };
  }
  const share = shareDone(result, search);
  const limit = search.maxSeconds ?? Number.POSITIVE_INFINITY;
  const rate = `${Math.round(result.exploration.states / spent).toLocaleString('en')} states/s`;
  if (share === undefined) {
    const basis = `${rate} for ${spent.toFixed(1)} s, and no estimate of the states left`;
    return limit < Number.POSITIVE_INFINITY
      ? { seconds: limit, memoryBytes: null, basis: `its limit of time; ${basis}` }
      : unknown(basis);
  }
  const { tableBytes, frontierBytes = 0 } = result.exploration;
  const growing = search.runs === undefined ? (tableBytes + frontierBytes) / share : 0;
  return {
    seconds: Math.min(spent / share, limit),
    memoryBytes: Math.round(ofProcess + growing),
    basis: `${rate} for ${spent.toFixed(1)} s, ${search.runs === undefined ? 'and the growth of the levels' : 'and the schedules left'}`,
  };
}

/** Returns the share of a search that is done, from 0 to 1; undefined if nobody knows. */
function shareDone(
  { exploration }: CheckResult,
  { runs, maxStates, strategy = 'exhaustive' }: SearchOptions,
): number | undefined {
  const { sampled, states, statesLeft } = exploration;
  if (engines[strategy].samples) return sampled && runs !== undefined ? sampled.runs / runs : undefined;
  const all =
    statesLeft === undefined ? maxStates : Math.min(states + statesLeft, maxStates ?? Number.POSITIVE_INFINITY);
  return all === undefined ? undefined : Math.min(1, states / all);
}

function measureRun(
  { experiment, members }: Extract<PreparedTask, { readonly experiment: unknown }>,
  seconds: number,
): Estimate {
  const elapsed = stopwatch();
  const engine = simulateRun(experiment, members?.first ?? 0);
  let turn = engine.next();
  let share = 0;
  while (!turn.done && elapsed() < seconds) {
    turn = engine.next();
    if (!turn.done) share = turn.value.simulatedNs / turn.value.endNs;
  }
  const spent = elapsed();
  const memoryBytes = process.memoryUsage.rss();
  if (turn.done) return { seconds: spent, memoryBytes, basis: 'one run, to its end' };
  engine.next('interrupt');
  if (share === 0)
    return { seconds: null, memoryBytes, basis: `${spent.toFixed(1)} s of a run, before its clock moved` };
  return { seconds: spent / share, memoryBytes, basis: `${spent.toFixed(1)} s of a run` };
}
