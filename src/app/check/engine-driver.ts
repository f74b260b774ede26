import { setImmediate } from 'node:timers/promises';
import type { WorkerSource } from '../../search/bfs/block-expansion.ts';
import type { Limits } from '../../search/bfs/breadth-first-search.ts';
import type { BitstateOptions } from '../../search/dfs/bitstate.ts';
import type { DporOptions } from '../../search/dpor/dpor.ts';
import type { Exploration, Progress, StopReason } from '../../search/exploration.ts';
import type { SampleOptions } from '../../search/random/schedule-sampling.ts';
import type { ReductionName } from '../../search/reductions.ts';
import type { SwarmOptions } from '../workers/swarm-worker-pool.ts';

export interface SearchLimits extends Limits {
  readonly maxSeconds?: number;
  /** draw schedules instead of visiting all states */
  readonly sampling?: SampleOptions;
  /** keep only a few bits of each state */
  readonly bitstate?: BitstateOptions;
  /** make several such searches */
  readonly swarm?: SwarmOptions;
  /** take one schedule of each trace */
  readonly dpor?: DporOptions;
  /** of the search for what must never happen */
  readonly reductions?: readonly ReductionName[];
  /** only schedules with at most so many */
  readonly preemptions?: number;
}

/** Whether a search says nothing of what has to come in the end. */
export function isSafetyOnly(limits: SearchLimits): boolean {
  const { sampling, bitstate, swarm, dpor, preemptions } = limits;
  return [sampling, bitstate, swarm, dpor, preemptions].some((one) => one !== undefined);
}

export type Engine = Generator<Progress, Exploration, StopReason | undefined>;

/** Threads that help, and what became of them. */
export interface WorkerPoolHandle extends WorkerSource {
  readonly failure: Error | undefined;
}

/**
 * Drives a search to its end, and gives way to the event loop on the way so that Ctrl-C is heard.
 * @throws what a thread that helps failed with
 */
export async function driveEngine(
  engine: Engine,
  maxSeconds = Number.POSITIVE_INFINITY,
  isInterrupted: () => boolean,
  onProgress: (progress: Progress) => void,
  failure: () => Error | undefined = () => undefined,
): Promise<{ readonly exploration: Exploration; readonly seconds: number }> {
  const elapsed = stopwatch();
  let turn = engine.next();
  while (!turn.done) {
    onProgress(turn.value);
    await setImmediate();
    const failed = failure();
    if (failed) engine.throw(failed);
    turn = engine.next(stopReason(isInterrupted(), elapsed() >= maxSeconds));
  }
  return { exploration: turn.value, seconds: elapsed() };
}

/** Seconds since it was made. */
export function stopwatch(): () => number {
  const start = performance.now();
  return () => (performance.now() - start) / 1000;
}

export function stopReason(isInterrupted: boolean, isLate: boolean): StopReason | undefined {
  if (isInterrupted) return 'interrupt';
  return isLate ? 'time' : undefined;
}
