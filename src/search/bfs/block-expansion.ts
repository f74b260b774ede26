import { type PhaseRunner, WorkerBarrier } from '../parallel/worker-barrier.ts';
import { partitionCount } from '../storage/fingerprint-set.ts';
import type { SearchBuffers } from './search-memory.ts';
import { Phase, type SearchWorker } from './search-worker.ts';

/**
 * Starts workers for a search. Each creates a `SearchWorker` on the memory, with its own program, and calls
 * `runWorker`.
 */
export interface WorkerSource {
  /** number of states from which on starting workers is worthwhile */
  readonly minStates: number;
  /** Is called once, when the search has become that large. */
  startWorkers(memory: SearchBuffers): void;
}

/** Expands blocks of states phase by phase: see breadth-first-search.ts. */
export class BlockExpander {
  private readonly runner: PhaseRunner;
  private hasStartedWorkers = false;

  /** @param runner runs the phases; by default a barrier between the leader and the workers that join it */
  constructor(
    private readonly leader: SearchWorker,
    private readonly workers: WorkerSource | undefined,
    runner?: PhaseRunner,
  ) {
    this.runner = runner ?? new WorkerBarrier(leader.memory.buffers.barrier, leader);
  }

  /**
   * Returns the end of the block that begins at state `first`. It consists of whole units or ends with the level,
   * unless it is cut short for lack of memory, so that a stopped search, once resumed, has the same units.
   * @param maxNewStates number of states that may still be discovered; a block has about as many parents at most
   */
  endOf(first: number, levelEnd: number, maxNewStates: number): number {
    const { parentsPerUnit, maxUnits } = this.leader.memory.block;
    const units = Math.min(maxUnits, Math.ceil(maxNewStates / parentsPerUnit));
    return Math.min(levelEnd, first + units * parentsPerUnit);
  }

  /**
   * Expands the states from id `first` up to `end`, or fewer if caches are full before. Yields while it waits for
   * workers. Returns the end of the states that are expanded.
   * @param states number of states discovered so far
   * @param onUnit is called for each unit, in order, after the block is committed
   * @throws the exception of a worker
   */
  *expand(first: number, end: number, states: number, onUnit: (unit: number) => void): Generator<void, number, void> {
    const { leader, runner } = this;
    const { block, frontier, predecessors } = leader.memory;
    block.begin(first, end);
    if (block.units > 1) leader.memory.growRecords();
    runner.beginBlock(block.units);
    yield* runner.runPhase(Phase.expand, block.units);
    const expanded = block.dropCutUnits();
    const { units } = block;
    yield* runner.runPhase(Phase.deduplicate, partitionCount);
    const newEnd = block.assignStateIds(states);
    frontier.extend(newEnd);
    predecessors.extend(newEnd);
    yield* runner.runPhase(Phase.commit, units);
    for (let unit = 0; unit < units; unit++) onUnit(unit);
    return expanded;
  }

  /** Starts workers once there are enough states. */
  startWorkersIfWorthwhile(states: number): void {
    const { leader, workers } = this;
    if (this.hasStartedWorkers || !workers || states < workers.minStates) return;
    this.hasStartedWorkers = true;
    leader.memory.growRecords();
    workers.startWorkers(leader.memory.buffers);
  }

  /** Releases the workers. */
  end(): void {
    this.runner.shutDown();
  }
}
