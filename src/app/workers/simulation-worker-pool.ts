import { defer, finalize, from, lastValueFrom, map, mergeMap, type Observable, toArray } from 'rxjs';
import type { Experiment } from '../../simulate/experiment.ts';
import type { RunFigures } from '../../simulate/run-figures.ts';
import { deserializeRun } from '../../simulate/run-serialization.ts';
import type { StopCondition } from '../stop-condition.ts';
import { refTo } from './design-ref.ts';
import type { SimulationAssignment, SimulationCommand, SimulationMessage } from './worker-protocol.ts';
import { messagesOf, startThread, whenStopped } from './worker-stream.ts';

/**
 * Makes runs of an experiment on worker threads. A run depends on its number only, so the figures do not depend on the
 * number of threads.
 * @param file the file that exports the design, if it is not built in
 * @throws the exception of a worker thread; PrecopyError `INTERNAL` when a thread exits
 */
export function runOnThreads(
  { design, ...experiment }: Experiment,
  file: string | undefined,
  runs: readonly number[],
  threads: number,
  stop: StopCondition,
): Promise<RunFigures[]> {
  const shares = Array.from({ length: threads }, (_, n) => runs.filter((run) => run % threads === n));
  const runs$ = from(shares.filter((share) => share.length > 0)).pipe(
    mergeMap((share) =>
      runShare({ experiment, ...refTo({ design, ...(file !== undefined && { file }) }), runs: share }, stop),
    ),
    toArray(),
  );
  return lastValueFrom(runs$);
}

/** Starts a thread that makes some runs, and streams them. The thread ends with its subscription. */
function runShare(assignment: SimulationAssignment, stop: StopCondition): Observable<RunFigures> {
  return defer(() => {
    const worker = startThread('simulation-worker', { workerData: assignment });
    const stopping = whenStopped(stop).subscribe((reason: SimulationCommand) => worker.postMessage(reason));
    return messagesOf<SimulationMessage>(worker, 'a thread of the simulation').pipe(
      map(deserializeRun),
      finalize(() => {
        stopping.unsubscribe();
        void worker.terminate();
      }),
    );
  });
}
