import { allocateShared } from '../storage/shared-buffer.ts';
import { assignRanges, claimIndices } from './work-stealing.ts';
import { readError, reserveError, writeError } from './worker-error.ts';

/** Most workers of a search, the leader included. */
export const maxWorkers = 63;
/** Bits of an epoch that hold the number of workers. */
const workerBits = 6;

/** Blocks of fewer units are expanded by the leader alone, as waking the workers costs more. */
const minUnitsForWorkers = 4;

/** How long the leader waits for the workers before it yields, in milliseconds. */
const waitTimeoutMs = 20;

/** The phase that ends `runWorker`. */
const exitPhase = -1;

/**
 * Words of the control memory. Workers wait for `epoch` to change. An epoch is the number of a phase and, in its lowest
 * bits, the number of workers that take part, so that a worker that joins in between knows that it does not.
 */
export const Control = { epoch: 0, phase: 1, tasks: 2, done: 3, failed: 4, joined: 5 } as const;

/** A cache line for the words of `Control`, and one per worker for its range of tasks. */
const controlBytes = 64 * (maxWorkers + 2);

/** The memory of a barrier, which workers share. */
export interface BarrierMemory {
  readonly control: SharedArrayBuffer;
  /** the first exception of a worker */
  readonly failure: SharedArrayBuffer;
}

export const reserveBarrier = (): BarrierMemory => ({
  control: allocateShared(controlBytes),
  failure: reserveError(),
});

/** One worker of a parallel computation. */
export interface PhaseWorker {
  /**
   * Does this worker's share of a phase.
   * @param tasks claims one task of the phase after another for this worker
   */
  runPhase(phase: number, workerId: number, tasks: Iterable<number>): void;
}

/** Runs phases on workers. All workers finish a phase before the next one begins. */
export interface PhaseRunner {
  /** Begins a block of units. Decides how many workers take part in its phases. */
  beginBlock(units: number): void;
  /**
   * Runs a phase of `tasks` tasks to its end. Yields while it waits for workers.
   * @throws the exception of a worker, as it was thrown
   */
  runPhase(phase: number, tasks: number): Generator<void, void, void>;
  /** Ends `runWorker` of all workers. */
  shutDown(): void;
}

/** A barrier between the leader of a search, which is worker 0, and the workers that have joined it. */
export class WorkerBarrier implements PhaseRunner {
  private readonly control: Int32Array;
  private workers = 1;

  constructor(
    private readonly memory: BarrierMemory,
    private readonly leader: PhaseWorker,
  ) {
    this.control = new Int32Array(memory.control);
  }

  /** Workers that join later take part from the next block on. */
  beginBlock(units: number): void {
    this.workers = units < minUnitsForWorkers ? 1 : 1 + Atomics.load(this.control, Control.joined);
  }

  *runPhase(phase: number, tasks: number): Generator<void, void, void> {
    const { control, leader, workers } = this;
    control[Control.phase] = phase;
    control[Control.tasks] = tasks;
    assignRanges(control, workers, tasks);
    control[Control.done] = 0;
    if (workers > 1) this.startEpoch();
    leader.runPhase(phase, 0, claimIndices(control, 0, workers, tasks));
    const others = workers - 1;
    for (let done = Atomics.load(control, Control.done); done < others; done = Atomics.load(control, Control.done)) {
      if (Atomics.wait(control, Control.done, done, waitTimeoutMs) === 'timed-out') yield;
    }
    if (Atomics.load(control, Control.failed) > 0) throw readError(this.memory.failure);
  }

  shutDown(): void {
    this.control[Control.phase] = exitPhase;
    this.startEpoch();
  }

  private startEpoch(): void {
    const { control, workers } = this;
    const phases = control[Control.epoch] >> workerBits;
    Atomics.store(control, Control.epoch, (phases + 1) * (1 << workerBits) + workers);
    Atomics.notify(control, Control.epoch);
  }
}

/** Joins the workers of a search, and works until the leader shuts the barrier down. Blocks the thread. */
export function runWorker(memory: BarrierMemory, worker: PhaseWorker): void {
  const control = new Int32Array(memory.control);
  let epoch = Atomics.load(control, Control.epoch);
  const workerId = Atomics.add(control, Control.joined, 1) + 1;
  while (control[Control.phase] !== exitPhase) {
    Atomics.wait(control, Control.epoch, epoch);
    const current = Atomics.load(control, Control.epoch);
    // A leader descheduled between store and notify causes a spurious second wake-up.
    if (current === epoch) continue;
    epoch = current;
    const workers = epoch & maxWorkers;
    if (workerId >= workers || control[Control.phase] === exitPhase) continue;
    try {
      const tasks = claimIndices(control, workerId, workers, control[Control.tasks]);
      worker.runPhase(control[Control.phase], workerId, tasks);
    } catch (error) {
      // The leader reads the exception once all workers are done.
      if (Atomics.add(control, Control.failed, 1) === 0) writeError(memory.failure, error);
    }
    Atomics.add(control, Control.done, 1);
    Atomics.notify(control, Control.done);
  }
}
