import { Phase, WorkerBarrier } from '../parallel/worker-barrier.ts';
import type { SearchBuffers } from './search-memory.ts';
import { UnitField, unitsPerBlock } from './search-memory.ts';
import type { SearchWorker } from './search-worker.ts';

/** Other threads that may join a search: each makes a `Member` on the memory, with a program of its own, and calls `serve`. */
export interface WorkerSource {
  /** from so many states on a search is worth their start */
  readonly minStates: number;
  /** Is called once, when the search has become that large. */
  startWorkers(memory: SearchBuffers): void;
}

/** Expands states block by block, with other threads where they help. */
export class BlockExpander {
  private readonly crew: WorkerBarrier;
  private hasHelp = false;

  constructor(
    private readonly leader: SearchWorker,
    private readonly helpers: WorkerSource | undefined,
  ) {
    this.crew = new WorkerBarrier(leader);
  }

  /**
   * Where the block ends that begins at state number `first`, in a level that ends at `levelEnd`: after whole units, wherever a search was stopped.
   * @param left how many more states may be found: about as many as there are to be expanded
   */
  endOf(first: number, levelEnd: number, left: number): number {
    const { parentsPerUnit } = this.leader.workspace;
    const units = Math.min(unitsPerBlock, Math.ceil(left / parentsPerUnit));
    return Math.min(levelEnd, first + units * parentsPerUnit);
  }

  /**
   * Expands the states from number `first` up to `end`. Yields now and then while others are not done.
   * @param states how many states there are
   * @param enter is called for each unit when it is done, in order
   */
  *expand(first: number, end: number, states: number, enter: (unit: number) => void): Generator<void, void, void> {
    const { workspace } = this.leader;
    const { parentsPerUnit } = workspace;
    const units = Math.ceil((end - first) / parentsPerUnit);
    if (units > 1) workspace.growRecords();
    for (let unit = 0; unit < units; unit++) this.begin(unit, first + unit * parentsPerUnit, end);
    this.crew.beginBlock(units);
    yield* this.crew.runPhase(Phase.expand, units);
    yield* this.crew.runPhase(Phase.deduplicate, units);
    this.assignStateIds(units, states);
    yield* this.crew.runPhase(Phase.commit, units);
    for (let unit = 0; unit < units; unit++) enter(unit);
  }

  /** Calls for help, once there are enough states. */
  startWorkersIfWorthwhile(states: number): void {
    if (this.hasHelp || !this.helpers || states < this.helpers.minStates) return;
    this.hasHelp = true;
    const { workspace } = this.leader;
    workspace.growRecords();
    this.helpers.startWorkers(workspace.memory);
  }

  /** Lets those that help go. */
  end(): void {
    this.crew.shutDown();
  }

  private begin(unit: number, firstParent: number, end: number): void {
    const { workspace } = this.leader;
    workspace.firstParent[unit] = firstParent;
    workspace.setUnit(unit, UnitField.parents, Math.min(workspace.parentsPerUnit, end - firstParent));
  }

  /** Numbers the states that were found in the first so many units, and makes room for them. */
  private assignStateIds(units: number, states: number): void {
    const { workspace } = this.leader;
    let all = states;
    for (let unit = 0; unit < units; unit++) {
      workspace.firstState[unit] = all;
      all += workspace.unit(unit, UnitField.found);
    }
    workspace.frontier.extend(all);
    workspace.origins.extend(all);
  }
}
