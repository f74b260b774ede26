import type { Worker } from 'node:worker_threads';
import {
  BehaviorSubject,
  defer,
  EMPTY,
  filter,
  finalize,
  lastValueFrom,
  map,
  mergeMap,
  type Observable,
  range,
  takeWhile,
  tap,
} from 'rxjs';
import { mergeSwarmResults, type SwarmMember, type SwarmOptions } from '../../search/dfs/swarm.ts';
import type { Progress, StopReason } from '../../search/exploration.ts';
import type { DriveOptions, SearchResult } from '../check/engine-driver.ts';
import { stopwatch } from '../stop-condition.ts';
import type { ProgramRef, SwarmCommand, SwarmMessage } from './worker-protocol.ts';
import { messagesOf, startThread, whenStopped } from './worker-stream.ts';

interface SwarmDrive extends DriveOptions {
  /** number of threads */
  readonly workers: number;
}

/**
 * Runs the bitstate searches of a swarm on worker threads. Once a member violates a property, the members with greater
 * seeds stop. Those with smaller seeds continue: the violation of the smallest seed is the answer, whichever thread
 * was the fastest.
 * @throws the exception of a worker thread; PrecopyError `INTERNAL` when a thread exits
 */
export async function searchBySwarm(
  program: ProgramRef,
  options: SwarmOptions,
  { workers, stop, onProgress = () => {} }: SwarmDrive,
): Promise<SearchResult> {
  const elapsed = stopwatch();
  const swarm = new Swarm(program, options);
  let stoppedBy: StopReason | undefined;
  const stopping = whenStopped(stop).subscribe((reason) => {
    stoppedBy = reason;
    swarm.stopFrom(0, reason);
  });
  const members$ = range(0, options.members).pipe(
    mergeMap((member) => swarm.run(member), workers),
    tap(() => onProgress(swarm.progress)),
    finalize(() => stopping.unsubscribe()),
  );
  try {
    await lastValueFrom(members$, { defaultValue: undefined });
  } finally {
    await swarm.terminate();
  }
  return { exploration: mergeSwarmResults(swarm.results, stoppedBy), seconds: elapsed() };
}

/** Members from `first` on have to stop. */
interface Cutoff {
  readonly first: number;
  readonly reason: StopReason;
}

/** The members of a swarm, and the threads that run them. */
class Swarm {
  readonly results: SwarmMember[] = [];
  private readonly threads: Worker[] = [];
  private readonly idle: Worker[] = [];
  private readonly latest = new Map<number, Progress>();
  private readonly cutoff: BehaviorSubject<Cutoff>;

  constructor(
    private readonly program: ProgramRef,
    private readonly options: SwarmOptions,
  ) {
    this.cutoff = new BehaviorSubject<Cutoff>({ first: options.members, reason: 'interrupt' });
  }

  /** Runs a member on an idle thread; emits after each of its messages. Does nothing if the member is to stop. */
  run(member: number): Observable<void> {
    return defer(() => {
      if (member >= this.cutoff.value.first) return EMPTY;
      const thread = this.idle.pop() ?? this.startThread();
      const send = (command: SwarmCommand): void => thread.postMessage(command);
      const { members: _, seed, ...options } = this.options;
      send({ program: this.program, options: { ...options, seed: seed + member } });
      const stopping = this.cutoff
        .pipe(filter(({ first }) => member >= first))
        .subscribe(({ reason }) => send({ stop: reason }));
      return messagesOf<SwarmMessage>(thread, 'a thread of the swarm').pipe(
        tap((message) => this.record(member, message)),
        takeWhile((message) => 'progress' in message),
        map(() => undefined),
        finalize(() => {
          stopping.unsubscribe();
          this.idle.push(thread);
        }),
      );
    });
  }

  /** Makes the members from `first` on stop. */
  stopFrom(first: number, reason: StopReason): void {
    if (first < this.cutoff.value.first) this.cutoff.next({ first, reason });
  }

  /** The progress of all members together. */
  get progress(): Progress {
    const all = [...this.latest.values()];
    const sum = (of: (one: Progress) => number): number => all.reduce((total, one) => total + of(one), 0);
    return {
      states: sum(({ states }) => states),
      transitions: sum(({ transitions }) => transitions),
      depth: Math.max(...all.map(({ depth }) => depth)),
      frontier: sum(({ frontier }) => frontier),
      memoryBytes: sum(({ memoryBytes }) => memoryBytes),
    };
  }

  async terminate(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.terminate()));
  }

  private startThread(): Worker {
    const thread = startThread('swarm-worker');
    this.threads.push(thread);
    return thread;
  }

  private record(member: number, message: { progress: Progress } | { member: SwarmMember }): void {
    if ('progress' in message) {
      this.latest.set(member, message.progress);
      return;
    }
    this.results[member] = message.member;
    if (message.member.exploration.verdict === 'violated') this.stopFrom(member + 1, 'interrupt');
  }
}
