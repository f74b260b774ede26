import { Worker, type WorkerOptions } from 'node:worker_threads';
import { filter, interval, map, Observable, take } from 'rxjs';
import { PrecopyError } from '../../model/errors.ts';
import { deserializeError, serializeError } from '../../search/parallel/worker-error.ts';

const stopPollMs = 50;

/** Starts a worker thread from `bin`, with the command line of this thread: a file may read it while it loads. */
export const startThread = (script: string, options: WorkerOptions = {}): Worker =>
  new Worker(new URL(import.meta.resolve(`#package/bin/${script}.js`)), { argv: process.argv.slice(2), ...options });

/** Returns an uncaught exception of a worker as it was thrown. Node copies it without its class. */
export const exceptionOf = (error: unknown): Error => deserializeError(serializeError(error));

/**
 * Streams the messages of a worker thread. Completes when the thread exits with 0. Fails with an uncaught exception of
 * the thread, stack included, or with `INTERNAL` if the thread exits with another code.
 * @param name what the thread is, for the error message: `a thread of the swarm`
 */
export function messagesOf<T>(worker: Worker, name: string): Observable<T> {
  return new Observable((subscriber) => {
    const onMessage = (message: T): void => subscriber.next(message);
    const onError = (error: unknown): void => subscriber.error(exceptionOf(error));
    const onExit = (code: number): void => {
      if (code === 0) subscriber.complete();
      else subscriber.error(new PrecopyError('INTERNAL', `${name} exited with code ${code}`, 'please report this'));
    };
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    return () => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
    };
  });
}

/** Polls a stop condition. Emits its reason once. */
export const whenStopped = <T>(stop: () => T | undefined): Observable<T> =>
  interval(stopPollMs).pipe(
    map(stop),
    filter((reason) => reason !== undefined),
    take(1),
  );
