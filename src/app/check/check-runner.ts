import { tmpdir } from 'node:os';
import type { Progress } from '../../search/exploration.ts';
import type { HyperLogLog } from '../../search/storage/hyperloglog.ts';
import { describeFailure } from '../failure.ts';
import { SpillFile } from '../files/spill-file.ts';
import { createStopCondition } from '../stop-condition.ts';
import { SearchWorkerPool } from '../workers/search-worker-pool.ts';
import type { NotChecked } from './check-schema.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { SearchOptions } from './engines.ts';
import { defaultWorkers } from './machine-resources.ts';
import type { Question } from './question.ts';
import { searchModeOf } from './search-mode.ts';
import { type CheckResult, executeJob, type VerificationJob } from './verification-job.ts';

/** Options of all jobs of a runner. */
export interface CheckRunOptions extends SearchOptions {
  /** number of threads; by default the number of cores */
  readonly workers?: number;
  /** aborts the current job, which then ends with a partial result, and skips the jobs after it */
  readonly signal?: AbortSignal;
  /** records the states of a search that takes a seed */
  readonly sketch?: HyperLogLog;
}

/** Is told how the jobs of a runner proceed. */
export interface CheckObserver {
  jobStarted?(job: VerificationJob): void;
  progressed?(progress: Progress): void;
  /** The job continues, with less: without its checkpoint, or without room for the frontier. */
  warned?(message: string): void;
  jobFailed?(job: VerificationJob, error: unknown): void;
  jobSkipped?(job: VerificationJob): void;
  jobEnded?(job: VerificationJob): void;
}

/**
 * Runs jobs one after another, with one pool of worker threads. The jobs after a job that fails run as well.
 */
export class CheckRunner {
  readonly notChecked: NotChecked[] = [];
  private readonly pool: SearchWorkerPool | undefined;
  private readonly workers: number;

  constructor(
    private readonly options: CheckRunOptions = {},
    private readonly observer: CheckObserver = {},
  ) {
    this.workers = options.workers ?? defaultWorkers();
    this.pool = this.workers > 1 ? new SearchWorkerPool(this.workers) : undefined;
  }

  /** Runs a job. Returns `undefined` if it failed or was skipped; `notChecked` then tells why. */
  async run(job: VerificationJob): Promise<CheckResult | undefined> {
    const { observer, options } = this;
    const { id } = job.design;
    if (options.signal?.aborted) {
      this.notChecked.push({ design: id, reason: 'interrupted' });
      observer.jobSkipped?.(job);
      return undefined;
    }
    observer.jobStarted?.(job);
    const warn = (message: string): void => observer.warned?.(message);
    const store = new SpillFile(options.checkpoint ?? tmpdir(), warn);
    let checkpoint: Checkpoint | undefined;
    try {
      checkpoint = await this.checkpointOf(job, warn);
      return await executeJob(job, options, {
        workers: this.workers,
        pool: this.pool?.handleFor(job, job.program.params, searchModeOf(options)),
        checkpoint,
        store,
        sketch: options.sketch,
        stop: createStopCondition(options),
        onProgress: (progress) => observer.progressed?.(progress),
      });
    } catch (error) {
      this.notChecked.push({ design: id, reason: describeFailure(error).cause });
      observer.jobFailed?.(job, error);
      return undefined;
    } finally {
      checkpoint?.release();
      store.close();
      observer.jobEnded?.(job);
    }
  }

  /** Returns the checkpoint of a safety search. One at a second size, and the search for fair cycles, have none. */
  private async checkpointOf(job: VerificationJob, warn: (message: string) => void): Promise<Checkpoint | undefined> {
    const { checkpoint } = this.options;
    if (checkpoint === undefined || job.checks === 'liveness' || job.isSecond) return undefined;
    const [{ Checkpoint }, { hashOfSources }] = await Promise.all([
      import('./checkpoint.ts'),
      import('../files/source-hash.ts'),
    ]);
    const search = { program: job.program, sources: await hashOfSources(job), options: optionsText(job, this.options) };
    return new Checkpoint(checkpoint, search, warn);
  }
}

/** Describes the options that decide what a search asks, which states it stores, and what it counts. */
function optionsText({ question }: VerificationJob, options: SearchOptions): string {
  const { strategy = 'exhaustive', reductions = [], preemptions, coverage } = options;
  return [
    ...questionText(question),
    ...(strategy === 'exhaustive' ? [] : [`with --strategy ${strategy}`]),
    ...(reductions.length > 0 ? [`by ${reductions.join(' and ')}`] : []),
    ...(preemptions === undefined ? [] : [`with --preemptions ${preemptions}`]),
    ...(coverage ? ['with --coverage'] : []),
  ].join(', ');
}

function questionText(question: Question | undefined): string[] {
  if (question === undefined) return [];
  if ('until' in question) return [`with --until '${question.until}'`];
  return 'show' in question
    ? [`with --show ${question.show}`]
    : question.properties.map((id) => `with --property ${id}`);
}
