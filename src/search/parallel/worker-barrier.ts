import { PrecopyError } from '../../model/errors.ts';
import { UnitField } from '../bfs/search-memory.ts';
import type { SearchWorker } from '../bfs/search-worker.ts';
import { partitionCount } from '../storage/fingerprint-set.ts';
import { maxThreads } from './max-workers.ts';
import { assignRanges, claimIndices } from './work-stealing.ts';

/** What the members do together. `leave`: the search is over. */
export const Phase = { expand: 0, deduplicate: 1, commit: 2, exit: 3 } as const;
type PhaseNumber = (typeof Phase)[keyof typeof Phase];

/**
 * Words of the control memory. The others wait for `turn` to change: it is the number of the phase and, in its lowest bits, how many
 * threads take part, so that a thread that joins meanwhile cannot mistake the one for the other.
 */
export const Control = { epoch: 0, phase: 1, units: 2, done: 3, failed: 4, joined: 5 } as const;
const memberBits = 6;

/** From so many units on a block is worth waking the others. */
const unitsWorthHelp = 4;

/** How long a thread waits for others before it looks around, in milliseconds. */
const waitTimeoutMs = 20;

/** The thread that leads a search, and those that have joined it. */
export class WorkerBarrier {
  private readonly control: Int32Array;
  private workers = 1;

  constructor(private readonly leader: SearchWorker) {
    this.control = new Int32Array(leader.workspace.memory.control);
  }

  /** A block of so many units begins. Those that join later wait for the next one. */
  beginBlock(units: number): void {
    this.workers = units < unitsWorthHelp ? 1 : 1 + Atomics.load(this.control, Control.joined);
  }

  /** Carries out a phase on so many units. Yields now and then while others are not done. */
  *runPhase(phase: PhaseNumber, units: number): Generator<void, void, void> {
    const { control, leader } = this;
    control[Control.phase] = phase;
    control[Control.units] = units;
    assignRanges(control, this.workers, phase === Phase.deduplicate ? partitionCount : units);
    control[Control.done] = 0;
    if (this.workers > 1) this.nextTurn();
    runShare(control, leader, 0, this.workers);
    const others = this.workers - 1;
    for (let done = Atomics.load(control, Control.done); done < others; done = Atomics.load(control, Control.done)) {
      if (Atomics.wait(control, Control.done, done, waitTimeoutMs) === 'timed-out') yield;
    }
    if (Atomics.load(control, Control.failed) > 0) this.rethrowWorkerFailure(units);
  }

  /** Lets the others go. */
  shutDown(): void {
    this.control[Control.phase] = Phase.exit;
    this.nextTurn();
  }

  private nextTurn(): void {
    const { control, workers } = this;
    Atomics.store(control, Control.epoch, ((control[Control.epoch] >> memberBits) + 1) * (1 << memberBits) + workers);
    Atomics.notify(control, Control.epoch);
  }

  /** What another thread failed at, this one fails at as well, and so the error comes to whoever drives the search. */
  private rethrowWorkerFailure(units: number): never {
    this.leader.begin();
    for (let unit = 0; unit < units; unit++) {
      this.leader.expand(unit);
      this.leader.commitNewStates(unit);
    }
    throw new PrecopyError('INTERNAL', 'a thread of the search failed', 'please report this; --workers 1 does without');
  }
}

/** Joins a search from another thread, and works in it until it is over. */
export function runWorker(member: SearchWorker): void {
  const control = new Int32Array(member.workspace.memory.control);
  let turn = Atomics.load(control, Control.epoch);
  const me = Atomics.add(control, Control.joined, 1) + 1;
  while (control[Control.phase] !== Phase.exit) {
    Atomics.wait(control, Control.epoch, turn);
    const now = Atomics.load(control, Control.epoch);
    // a leader that is put aside between its store and its notify wakes those that have seen the one, and done their part, a second time
    if (now === turn) continue;
    turn = now;
    const workers = turn & maxThreads;
    if (me >= workers || control[Control.phase] === Phase.exit) continue;
    try {
      runShare(control, member, me, workers);
    } catch {
      Atomics.store(control, Control.failed, 1);
    }
    Atomics.add(control, Control.done, 1);
    Atomics.notify(control, Control.done);
  }
}

function runShare(control: Int32Array, member: SearchWorker, me: number, workers: number): void {
  const phase = control[Control.phase];
  const units = control[Control.units];
  if (phase === Phase.deduplicate) {
    member.deduplicate(units, claimIndices(control, me, workers, partitionCount));
    return;
  }
  const { workspace } = member;
  if (phase === Phase.commit) {
    for (let unit = 0; unit < units; unit++)
      if (workspace.unit(unit, UnitField.owner) === me) member.commitNewStates(unit);
    return;
  }
  member.begin();
  for (const unit of claimIndices(control, me, workers, units)) {
    workspace.setUnit(unit, UnitField.owner, me);
    member.expand(unit);
  }
}
