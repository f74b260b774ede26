import { Worker } from 'node:worker_threads';
import { PrecopyError } from '../../model/errors.ts';
import type { WorkerPoolHandle } from '../check/engine-driver.ts';
import type { SearchMode } from '../check/search-mode.ts';
import type { Target } from '../designs/design-registry.ts';
import type { SearchJob } from './search-worker-main.ts';

/** From so many states on threads help: as long as one starts, it takes more of the machine than it gives. */
const statesWorthHelp = 100_000;
/** By symmetry a thread has to prove again what the others have proved, and that takes it longer than to start. */
const statesWorthHelpBySymmetry = 1_500_000;

/** Threads that help with large searches. They are started when a search first asks for help, and kept for the next one. */
export class SearchThreads {
  private readonly workers = new Set<Worker>();
  private failure: PrecopyError | undefined;

  /** @param threads how many there are with the main thread */
  constructor(private readonly threads: number) {}

  /** Help for the search of one design. */
  for({ design, file }: Target, params: SearchJob['params'], way: SearchMode = 'plain'): WorkerPoolHandle {
    this.failure = undefined;
    const failureOf = (): Error | undefined => this.failure;
    return {
      minStates: way === 'by symmetry' ? statesWorthHelpBySymmetry : statesWorthHelp,
      startWorkers: (memory) => {
        while (this.workers.size < this.threads - 1) this.start();
        const { id, memoryModel } = design;
        const call: SearchJob = { design: id, file, memoryModel, params, way, memory };
        for (const worker of this.workers) worker.postMessage(call);
      },
      get failure() {
        return failureOf();
      },
    };
  }

  private start(): void {
    const worker = new Worker(new URL(import.meta.resolve('#package/bin/search-worker.js')));
    const fail = (cause: string): void => {
      this.workers.delete(worker);
      this.failure ??= new PrecopyError(
        'INTERNAL',
        `a thread of the search died: ${cause}`,
        'try --workers 1, and please report this',
      );
    };
    worker.on('error', (error) => fail(error instanceof Error ? error.message : String(error)));
    worker.on('exit', (code) => fail(`it ended with ${code}`));
    worker.unref();
    this.workers.add(worker);
  }
}
