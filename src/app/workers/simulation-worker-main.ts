import { setImmediate } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';
import type { EndedEarly } from '../../simulate/results.ts';
import { type SentRun, serializeRun } from '../../simulate/run-serialization.ts';
import { type Experiment, simulateRun } from '../../simulate/simulation-run.ts';
import { designFor, type ProgramRef } from './worker-program.ts';

/** What a thread gets: an experiment whose design it finds by its name, and the runs that it is to make. */
export interface Assignment extends Pick<ProgramRef, 'design' | 'file'> {
  readonly experiment: Omit<Experiment, 'design'>;
  readonly runs: readonly number[];
}

/** What a thread answers: one run each time, or what went wrong. */
export type WorkerMessage =
  | { readonly run: SentRun }
  | { readonly error: { readonly message: string; readonly stack?: string } };

const { experiment, runs, ...which } = workerData as Assignment;
let stop: EndedEarly | undefined;
parentPort?.on('message', (reason: EndedEarly) => {
  stop = reason;
});
const answer = (message: WorkerMessage): void => parentPort?.postMessage(message);
try {
  const design = await designFor(which);
  for (const run of runs) {
    if (stop) break;
    const engine = simulateRun({ ...experiment, design }, run);
    let turn = engine.next();
    while (!turn.done) {
      await setImmediate();
      turn = engine.next(stop);
    }
    answer({ run: serializeRun(turn.value) });
  }
} catch (error) {
  const { message, stack } = error as Error;
  answer({ error: { message, ...(stack !== undefined && { stack }) } });
}
parentPort?.close();
