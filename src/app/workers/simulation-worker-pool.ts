import { Worker } from 'node:worker_threads';
import { PrecopyError } from '../../model/errors.ts';
import type { EndedEarly } from '../../simulate/results.ts';
import { deserializeRun } from '../../simulate/run-serialization.ts';
import type { Experiment, RunFigures } from '../../simulate/simulation-run.ts';
import type { Assignment, WorkerMessage } from './simulation-worker-main.ts';

const script = new URL(import.meta.resolve('#package/bin/simulation-worker.js'));
const lookForStopEveryMs = 100;

/**
 * Makes the runs of an experiment on several threads. Each run depends on its number only, so the figures are the same on any number of threads.
 * @throws PrecopyError `INTERNAL` when a thread fails
 */
export async function runOnThreads(
  { design, ...experiment }: Experiment,
  file: string | undefined,
  runs: readonly number[],
  threads: number,
  stop: () => EndedEarly | undefined,
): Promise<RunFigures[]> {
  const shares = Array.from({ length: threads }, (_, n) => runs.filter((run) => run % threads === n));
  const busy = shares.filter((share) => share.length > 0);
  const made = await Promise.all(busy.map((share) => work({ experiment, design: design.id, file, runs: share }, stop)));
  return made.flat();
}

function work(assignment: Assignment, stop: () => EndedEarly | undefined): Promise<RunFigures[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(script, { workerData: assignment });
    const made: RunFigures[] = [];
    const timer = setInterval(() => {
      const reason = stop();
      if (reason) worker.postMessage(reason);
    }, lookForStopEveryMs);
    worker.on('message', (answer: WorkerMessage) => {
      if ('run' in answer) made.push(deserializeRun(answer.run));
      else reject(new PrecopyError('INTERNAL', `a thread failed: ${answer.error.message}`, 'please report this'));
    });
    worker.on('error', reject);
    worker.on('exit', () => {
      clearInterval(timer);
      resolve(made);
    });
  });
}
