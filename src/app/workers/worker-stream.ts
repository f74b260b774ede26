import type { Worker } from 'node:worker_threads';
import { Observable } from 'rxjs';
import { PrecopyError } from '../../model/errors.ts';
import { deserializeError, type SerializedError } from './worker-protocol.ts';

/**
 * Streams the messages of a worker thread. Completes when the thread exits with 0. Fails with the exception of the
 * thread as it was thrown there, stack included, or with `INTERNAL` if the thread exits with another code.
 * @param thread what the thread is, for the error message: `a thread of the swarm`
 */
export function messagesOf<T extends object>(
  worker: Worker,
  thread: string,
): Observable<Exclude<T, { readonly error: SerializedError }>> {
  return new Observable((subscriber) => {
    const onMessage = (message: T | { readonly error: SerializedError }): void => {
      if ('error' in message) subscriber.error(deserializeError(message.error));
      else subscriber.next(message as Exclude<T, { readonly error: SerializedError }>);
    };
    const onError = (error: unknown): void => subscriber.error(error);
    const onExit = (code: number): void => {
      if (code === 0) subscriber.complete();
      else subscriber.error(new PrecopyError('INTERNAL', `${thread} exited with code ${code}`, 'please report this'));
    };
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    return () => {
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
    };
  });
}
