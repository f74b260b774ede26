import { deflateRawSync } from 'node:zlib';
import { PrecopyError } from '../../model/errors.ts';
import { HyperLogLog } from '../../search/storage/hyperloglog.ts';
import { serializeRun } from '../../simulate/run-serialization.ts';
import { simulateRun } from '../../simulate/simulation-run.ts';
import { createEntry } from '../check/check-document.ts';
import { CheckRunner } from '../check/check-runner.ts';
import { engines } from '../check/engines.ts';
import type { CheckResult, VerificationJob } from '../check/verification-job.ts';
import { describeFailure } from '../failure.ts';
import type { PlannedExperiment } from '../simulate/experiments.ts';
import { createStopCondition } from '../stop-condition.ts';
import { jobOf } from './check-task.ts';
import { removeCheckpoints, takeOverCheckpoint } from './checkpoint-handover.ts';
import { fromPlanPath } from './plan-paths.ts';
import type { CheckTask, Plan, Shard, SimulateTask, Task } from './plan-schema.ts';
import type { CheckOutcome, FailedOutcome, Outcome } from './record-schema.ts';
import { experimentOf } from './simulate-task.ts';

/** What every shard of a worker gets. */
export interface ShardConditions {
  readonly signal: AbortSignal;
  /** memory limit of a search whose plan has none, in bytes; by default half of the memory of the machine */
  readonly memoryBytes?: number | undefined;
  /** called when a search continues with less: without its checkpoint, or without room for the frontier */
  readonly warn: (message: string) => void;
}

/** Runs the shards of a plan. What several shards of a task need is made once. */
export class ShardRunner {
  private prepared: { readonly task: Task; readonly work: Promise<VerificationJob | PlannedExperiment> } | undefined;
  private loading: Promise<void> | undefined;

  constructor(
    private readonly folder: string,
    private readonly plan: Plan,
    private readonly worker: string,
    private readonly conditions: ShardConditions,
  ) {}

  /** Runs a shard. Returns undefined if it was interrupted: then it has no result, but perhaps a checkpoint. */
  async run(shard: Shard): Promise<Outcome | undefined> {
    const task = this.plan.tasks[shard.task] as Task;
    try {
      await this.loadFiles();
      return task.kind === 'check' ? await this.check(task, shard) : await this.simulate(task, shard);
    } catch (error) {
      return failureOf(error);
    }
  }

  private async check(task: CheckTask, shard: Shard): Promise<Outcome | undefined> {
    const job = await this.prepare(task, () => jobOf(task, this.folder));
    const hasCheckpoints = engines[task.search.strategy].options.includes('checkpoint');
    const isSaved = hasCheckpoints && task.checks === 'safety' && !task.isSecond;
    const checkpoint = isSaved ? takeOverCheckpoint(this.folder, shard.id, this.worker) : undefined;
    const first = await this.search(task, shard, job, checkpoint);
    if (!isSaved || first?.kind !== 'failed' || first.reason !== 'error') return first;
    // A checkpoint may be damaged: without it, the search starts again.
    removeCheckpoints(this.folder, shard.id);
    return this.search(task, shard, job, undefined);
  }

  private async search(
    { search }: CheckTask,
    { seed }: Shard,
    job: VerificationJob,
    checkpoint: string | undefined,
  ): Promise<CheckOutcome | FailedOutcome | undefined> {
    const { memoryBytes, signal, warn } = this.conditions;
    const sketch = seed === undefined ? undefined : new HyperLogLog();
    let failure: FailedOutcome | undefined;
    const runner = new CheckRunner(
      {
        ...(memoryBytes !== undefined && { maxMemoryBytes: memoryBytes }),
        ...search,
        ...(seed !== undefined && { seed }),
        ...(sketch && { sketch }),
        ...(checkpoint !== undefined && { checkpoint }),
        workers: 1,
        signal,
      },
      {
        warned: warn,
        jobFailed: (_, error) => {
          failure = failureOf(error);
        },
      },
    );
    const result = await runner.run(job);
    if (failure) return failure;
    if (!result) return undefined;
    const { stoppedBy } = result.exploration;
    if (stoppedBy === 'interrupt') return undefined;
    if (stoppedBy === 'disk') return noRoom('disk', 'the frontier did not fit on the disk');
    if (stoppedBy === 'max-memory' && search.maxMemoryBytes === undefined) {
      return noRoom('memory', `the search did not fit into memory after ${result.exploration.states} states`);
    }
    return checkOutcome(result, sketch);
  }

  private async simulate(task: SimulateTask, { run = 0 }: Shard): Promise<Outcome | undefined> {
    const experiment = await this.prepare(task, () => experimentOf(task, this.folder));
    const { signal } = this.conditions;
    const stop = createStopCondition({ signal });
    const engine = simulateRun(experiment, run);
    let turn = engine.next();
    while (!turn.done) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      turn = engine.next(stop());
    }
    if (turn.value.endedEarly === 'interrupt') return undefined;
    return { kind: 'simulate', run: serializeRun(turn.value) };
  }

  /** Loads the files of all designs, in the order of the plan: their hash depends on it. */
  private loadFiles(): Promise<void> {
    this.loading ??= (async () => {
      if (this.plan.files.length === 0) return;
      const { loadDesigns } = await import('../designs/load-designs.ts');
      for (const file of this.plan.files) await loadDesigns(fromPlanPath(file, this.folder));
    })();
    return this.loading;
  }

  private prepare<T extends VerificationJob | PlannedExperiment>(task: Task, make: () => Promise<T>): Promise<T> {
    if (this.prepared?.task !== task) this.prepared = { task, work: make() };
    return this.prepared.work as Promise<T>;
  }
}

function checkOutcome(result: CheckResult, sketch: HyperLogLog | undefined): CheckOutcome {
  const { seconds: _, tableBytes: __, frontierBytes: ___, ...entry } = createEntry(result);
  return {
    kind: 'check',
    entry,
    ...(sketch && { sketch: deflateRawSync(sketch.registers).toString('base64') }),
  };
}

const noRoom = (reason: 'memory' | 'disk', cause: string): FailedOutcome => ({
  kind: 'failed',
  reason,
  isInternal: false,
  cause,
  remedy: 'run it on a larger machine, or limit the search in the campaign',
});

function failureOf(error: unknown): FailedOutcome {
  const { cause, remedy, isInternal } = describeFailure(error);
  const isTooLarge =
    (error instanceof PrecopyError && error.code === 'TOO_LARGE') ||
    (error instanceof RangeError && /allocation/i.test(error.message));
  if (isTooLarge) return { ...noRoom('memory', cause), remedy: isInternal ? 'run it on a larger machine' : remedy };
  return { kind: 'failed', reason: 'error', isInternal, cause, remedy };
}
