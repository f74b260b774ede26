import { setImmediate } from 'node:timers/promises';
import type { WorkerSource } from '../../search/bfs/block-expansion.ts';
import type { Engine, Exploration, Progress } from '../../search/exploration.ts';
import { type StopCondition, stopwatch } from '../stop-condition.ts';

/** The worker threads of a search. */
export interface WorkerPoolHandle extends WorkerSource {
  /** what a thread failed with */
  readonly failure: Error | undefined;
}

export interface DriveOptions {
  readonly stop: StopCondition;
  readonly onProgress?: (progress: Progress) => void;
  /** Returns the error of a worker thread, if one has failed. */
  readonly failure?: () => Error | undefined;
}

export interface SearchResult {
  readonly exploration: Exploration;
  readonly seconds: number;
  /** processor time of the search, with its worker threads; absent for a swarm */
  readonly cpuSeconds?: number;
}

/**
 * Drives an engine to its end. The event loop runs between two steps, so that signals and messages arrive.
 * @throws the error of a worker thread
 */
export async function driveEngine(
  engine: Engine,
  { stop, onProgress = () => {}, failure = () => undefined }: DriveOptions,
): Promise<SearchResult> {
  const elapsed = stopwatch();
  const before = process.cpuUsage();
  let turn = engine.next();
  while (!turn.done) {
    onProgress(turn.value);
    await setImmediate();
    const failed = failure();
    if (failed) engine.throw(failed);
    turn = engine.next(stop());
  }
  const { user, system } = process.cpuUsage(before);
  return { exploration: turn.value, seconds: elapsed(), cpuSeconds: (user + system) / 1e6 };
}
