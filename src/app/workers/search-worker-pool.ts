import type { Worker } from 'node:worker_threads';
import { PrecopyError } from '../../model/errors.ts';
import type { WorkerPoolHandle } from '../check/engine-driver.ts';
import type { SearchMode } from '../check/search-mode.ts';
import type { VerificationJob } from '../check/verification-job.ts';
import type { Target } from '../designs/design-registry.ts';
import { refTo } from './design-ref.ts';
import type { SearchJob } from './worker-protocol.ts';
import { exceptionOf, startThread } from './worker-stream.ts';

/** Below this number of states, starting a thread takes more CPU time than it saves. */
const minStates = 100_000;
/**
 * Under symmetry, each worker checks again that cached transitions are equivariant: that takes longer than its start.
 */
const minStatesUnderSymmetry = 1_500_000;

/**
 * The worker threads of searches. They start when the first search is large enough, and serve the searches after it.
 */
export class SearchWorkerPool {
  private readonly workers = new Set<Worker>();
  private failure: Error | undefined;

  /** @param threads number of threads, the main thread included */
  constructor(private readonly threads: number) {}

  /** Returns the workers for the search of a design. */
  handleFor(
    { question, ...target }: Target & Pick<VerificationJob, 'question'>,
    params: SearchJob['params'],
    mode: SearchMode = 'plain',
  ): WorkerPoolHandle {
    this.failure = undefined;
    const failureOf = (): Error | undefined => this.failure;
    return {
      minStates: mode === 'by symmetry' ? minStatesUnderSymmetry : minStates,
      startWorkers: (memory) => {
        while (this.workers.size < this.threads - 1) this.start();
        const { memoryModel } = target.design;
        const job: SearchJob = { ...refTo(target), memoryModel, question, params, mode, memory };
        for (const worker of this.workers) worker.postMessage(job);
      },
      get failure() {
        return failureOf();
      },
    };
  }

  private start(): void {
    const worker = startThread('search-worker');
    const fail = (error: Error): void => {
      this.workers.delete(worker);
      this.failure ??= error;
    };
    worker.on('error', (error) => fail(exceptionOf(error)));
    worker.on('exit', (code) =>
      fail(
        new PrecopyError(
          'INTERNAL',
          `a worker thread of the search died with exit code ${code}`,
          'try --workers 1, and please report this',
        ),
      ),
    );
    worker.unref();
    this.workers.add(worker);
  }
}
