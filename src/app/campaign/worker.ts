import { setTimeout } from 'node:timers/promises';
import { PrecopyError } from '../../model/errors.ts';
import { stopwatch } from '../stop-condition.ts';
import { oneLine } from '../wording.ts';
import { CampaignState } from './campaign-state.ts';
import { removeCheckpoints } from './checkpoint-handover.ts';
import { ownVersion } from './code-version.ts';
import { type Lease, Leases, renewalMs } from './lease.ts';
import type { Plan, Shard } from './plan-schema.ts';
import type { FailedOutcome, Outcome, ShardRecord } from './record-schema.ts';
import { newWorkerName, ResultWriter } from './result-file.ts';
import { type ShardConditions, ShardRunner } from './shard-runner.ts';

/** What a worker runs, and how. */
export interface WorkerOptions extends ShardConditions {
  /** the shards to run, in their order; those that have results are left out */
  readonly shards: readonly Shard[];
  /** run no shard after the least one that violates a property of a design */
  readonly stopsOnViolation: boolean;
  /** run shards again that have failed */
  readonly retriesFailures: boolean;
  /** time after which other workers take over a lease that is not renewed */
  readonly lapseSeconds: number;
  readonly onStart?: (shard: Shard) => void;
  readonly onEnd?: (shard: Shard, outcome: Outcome) => void;
}

/** How many of its shards are what, when a worker ends. */
export interface WorkerResult {
  readonly done: number;
  /** of those that are done: violations of properties of designs, not of mutants */
  readonly hasViolation: boolean;
  readonly failures: readonly FailedOutcome[];
  readonly left: number;
}

/** A shard whose workers died this many times is not tried again: it may be what kills them. */
const maxAttempts = 5;
const pollMs = 500;

/**
 * Runs shards of a campaign until each has a result, together with all other workers of the folder. A shard that
 * another worker runs is waited for, and taken over if that worker dies.
 * @throws PrecopyError `BAD_FILE` if the folder cannot be written, such as on a full disk
 */
export async function runWorker(folder: string, plan: Plan, options: WorkerOptions): Promise<WorkerResult> {
  const worker = new Worker(folder, plan, options);
  const renewing = setInterval(() => worker.renew(), renewalMs(options.lapseSeconds));
  renewing.unref();
  try {
    await worker.work();
    return worker.result;
  } catch (error) {
    throw asFileError(error, folder);
  } finally {
    clearInterval(renewing);
    worker.end();
  }
}

/** Converts an error of the system: every other one is the outcome of a shard. */
function asFileError(error: unknown, folder: string): unknown {
  if (!(error instanceof Error && 'syscall' in error)) return error;
  return new PrecopyError(
    'BAD_FILE',
    `${folder} cannot be used: ${oneLine(error.message)}`,
    'make room, and run it again',
  );
}

class Worker {
  private readonly name = newWorkerName();
  private readonly state: CampaignState;
  private readonly leases: Leases;
  private readonly writer: ResultWriter;
  private readonly runner: ShardRunner;

  constructor(
    private readonly folder: string,
    private readonly plan: Plan,
    private readonly options: WorkerOptions,
  ) {
    this.state = new CampaignState(plan, folder);
    this.leases = new Leases(folder, this.name, options.lapseSeconds);
    this.writer = new ResultWriter(folder, this.name);
    this.runner = new ShardRunner(folder, plan, this.name, options);
  }

  async work(): Promise<void> {
    const { state, options, leases } = this;
    state.refresh();
    if (options.retriesFailures) state.forgetFailures();
    let open = this.openOf(options.shards);
    for (const shard of open) {
      if (options.signal.aborted) return;
      if (!this.isOpen(shard)) continue;
      const lease = leases.take(shard.id);
      if (lease) await this.run(shard, lease);
    }
    // Other workers have the rest.
    for (open = this.openOf(open); open.length > 0 && !options.signal.aborted; open = this.openOf(open)) {
      let hasRun = false;
      for (const shard of open) {
        if (options.signal.aborted) return;
        if (!this.isOpen(shard)) continue;
        const lease = leases.takeOver(shard.id);
        if (lease) await this.run(shard, lease);
        hasRun ||= lease !== undefined;
      }
      state.refresh();
      if (!hasRun) await setTimeout(pollMs, undefined, { signal: options.signal }).catch(() => undefined);
      state.refresh();
    }
    const done = new Set(options.shards.filter((shard) => state.of(shard)).map(({ id }) => id));
    leases.removeOf((shard) => done.has(shard));
  }

  get result(): WorkerResult {
    const { state, options } = this;
    const states = options.shards.map((shard) => state.of(shard));
    const failures = states.flatMap((one) => (one?.failure ? [one.failure] : []));
    return {
      done: states.filter((one) => one && !one.failure).length,
      hasViolation: options.shards.some((shard) => state.indexOf(shard) === state.leastViolation),
      failures,
      left: this.openOf(options.shards).length,
    };
  }

  /** A lease that cannot be renewed may lapse, which costs work, and nothing else. */
  renew(): void {
    try {
      this.leases.renew();
    } catch {
      // the disk is full, or the folder is gone: the next result tells
    }
  }

  end(): void {
    this.leases.release();
    this.writer.close();
  }

  private async run(shard: Shard, { attempt }: Lease): Promise<void> {
    const { state, leases, folder, options } = this;
    // Another worker may have ended it, and given the lease back.
    state.refresh();
    if (this.isOpen(shard)) {
      options.onStart?.(shard);
      const elapsed = stopwatch();
      const outcome = attempt > maxAttempts ? killed(attempt - 1) : await this.runner.run(shard);
      if (outcome) {
        const record = this.recordOf(shard, outcome, elapsed());
        this.writer.append(record);
        state.add(record);
        removeCheckpoints(folder, shard.id);
        options.onEnd?.(shard, outcome);
      }
    }
    leases.release();
  }

  private recordOf({ id, task: index }: Shard, outcome: Outcome, seconds: number): ShardRecord {
    const { hash = '', label = '' } = this.plan.tasks[index] ?? {};
    return {
      format: 'precopy-shard',
      version: 1,
      shard: id,
      task: hash,
      label,
      precopy: ownVersion(),
      worker: this.name,
      seconds: Math.round(seconds * 1e6) / 1e6,
      memoryBytes: process.memoryUsage.rss(),
      outcome,
    };
  }

  private openOf(shards: readonly Shard[]): readonly Shard[] {
    return shards.filter((shard) => this.isOpen(shard));
  }

  private isOpen(shard: Shard): boolean {
    const { state, options } = this;
    if (state.of(shard)) return false;
    return !options.stopsOnViolation || state.indexOf(shard) < state.leastViolation;
  }
}

const killed = (attempts: number): FailedOutcome => ({
  kind: 'failed',
  reason: 'killed',
  isInternal: false,
  cause: `${attempts} workers died while they ran it`,
  remedy: 'it may need more memory than they had; run it on a larger machine with --retry-failed',
});
