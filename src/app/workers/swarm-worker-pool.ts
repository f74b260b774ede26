import { Worker } from 'node:worker_threads';
import { PrecopyError } from '../../model/errors.ts';
import type { BitstateOptions } from '../../search/dfs/bitstate.ts';
import { mergeSwarmResults, type SwarmMember } from '../../search/dfs/swarm.ts';
import type { Exploration, Progress, StopReason } from '../../search/exploration.ts';
import type { SwarmCommand, SwarmMessage } from './swarm-worker-main.ts';
import type { ProgramRef } from './worker-program.ts';

/** How many searches there are, and what the first of them is; those after it have the seeds after its own. */
export interface SwarmOptions extends BitstateOptions {
  readonly members: number;
}

const script = new URL(import.meta.resolve('#package/bin/swarm-worker.js'));
const lookAroundEveryMs = 50;

/**
 * Makes the searches of a swarm on several threads. Once one has broken a property, those with greater seeds stop, and those with smaller ones go on:
 * one of them may break it as well, and then it is the answer, whichever thread was the faster.
 * @param stop whether there is a reason to end the whole
 * @throws PrecopyError `INTERNAL` when a thread dies
 */
export async function searchBySwarm(
  program: ProgramRef,
  { members, seed, ...options }: SwarmOptions,
  workers: number,
  stop: () => StopReason | undefined,
  onProgress: (progress: Progress) => void,
): Promise<Exploration> {
  const found: SwarmMember[] = [];
  const running = new Map<number, Worker>();
  const progress = new Map<number, Progress>();
  let next = 0;
  let limit = members;
  let stoppedBy: StopReason | undefined;

  const order = (worker: Worker, what: SwarmCommand): void => worker.postMessage(what);
  const stopFrom = (first: number, reason: StopReason): void => {
    limit = Math.min(limit, first);
    for (const [member, worker] of running) if (member >= first) order(worker, reason);
  };
  const assignNext = (worker: Worker): boolean => {
    if (next >= limit) return false;
    running.set(next, worker);
    order(worker, { program, options: { ...options, seed: seed + next } });
    next++;
    return true;
  };
  const work = (worker: Worker): Promise<void> =>
    new Promise((resolve, reject) => {
      const die = (cause: string): void =>
        reject(new PrecopyError('INTERNAL', `a thread of the swarm died: ${cause}`, 'please report this'));
      worker.on('error', (error) => die(error instanceof Error ? error.message : String(error)));
      worker.on('exit', (code) => die(`it ended with ${code}`));
      worker.on('message', (report: SwarmMessage) => {
        const member = [...running].find(([, one]) => one === worker)?.[0] as number;
        if ('progress' in report) {
          progress.set(member, report.progress);
          return;
        }
        found[member] = report;
        running.delete(member);
        if (report.exploration.verdict === 'violated') stopFrom(member + 1, 'interrupt');
        if (!assignNext(worker)) resolve();
      });
      if (!assignNext(worker)) resolve();
    });

  const threads = Array.from({ length: Math.min(workers, members) }, () => new Worker(script));
  const timer = setInterval(() => {
    if (progress.size > 0) onProgress(together([...progress.values()]));
    stoppedBy ??= stop();
    if (stoppedBy) stopFrom(0, stoppedBy);
  }, lookAroundEveryMs);
  try {
    await Promise.all(threads.map(work));
  } finally {
    clearInterval(timer);
    for (const thread of threads) {
      thread.removeAllListeners();
      await thread.terminate();
    }
  }
  return mergeSwarmResults(found, stoppedBy);
}

function together(all: readonly Progress[]): Progress {
  const sum = (of: (one: Progress) => number): number => all.reduce((total, one) => total + of(one), 0);
  return {
    states: sum(({ states }) => states),
    transitions: sum(({ transitions }) => transitions),
    depth: Math.max(...all.map(({ depth }) => depth)),
    frontier: sum(({ frontier }) => frontier),
    memoryBytes: sum(({ memoryBytes }) => memoryBytes),
  };
}
