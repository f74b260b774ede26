import { PrecopyError } from '../model/errors.ts';
import type { Member } from './member.ts';
import { divide, piecesFor } from './ranges.ts';
import { parts } from './seen.ts';
import { maxThreads } from './threads.ts';
import { Unit } from './workspace.ts';

/** What the members do together. `leave`: the search is over. */
export const Phase = { expand: 0, lookUp: 1, gather: 2, leave: 3 } as const;
type PhaseNumber = (typeof Phase)[keyof typeof Phase];

/**
 * Words of the control memory. The others wait for `turn` to change: it is the number of the phase and, in its lowest bits, how many
 * threads take part, so that a thread that joins meanwhile cannot mistake the one for the other.
 */
export const Control = { turn: 0, phase: 1, units: 2, done: 3, failed: 4, joined: 5 } as const;
const memberBits = 6;

/** From so many units on a block is worth waking the others. */
const unitsWorthHelp = 4;

/** How long a thread waits for others before it looks around, in milliseconds. */
const patience = 20;

/** The thread that leads a search, and those that have joined it. */
export class Crew {
  private readonly control: Int32Array;
  private members = 1;

  constructor(private readonly leader: Member) {
    this.control = new Int32Array(leader.workspace.memory.control);
  }

  /** A block of so many units begins. Those that join later wait for the next one. */
  muster(units: number): void {
    this.members = units < unitsWorthHelp ? 1 : 1 + Atomics.load(this.control, Control.joined);
  }

  /** Carries out a phase on so many units. Yields now and then while others are not done. */
  *together(phase: PhaseNumber, units: number): Generator<void, void, void> {
    const { control, leader } = this;
    control[Control.phase] = phase;
    control[Control.units] = units;
    divide(control, this.members, phase === Phase.lookUp ? parts : units);
    control[Control.done] = 0;
    if (this.members > 1) this.nextTurn();
    takePart(control, leader, 0, this.members);
    const others = this.members - 1;
    for (let done = Atomics.load(control, Control.done); done < others; done = Atomics.load(control, Control.done)) {
      if (Atomics.wait(control, Control.done, done, patience) === 'timed-out') yield;
    }
    if (Atomics.load(control, Control.failed) > 0) this.findOut(units);
  }

  /** Lets the others go. */
  dismiss(): void {
    this.control[Control.phase] = Phase.leave;
    this.nextTurn();
  }

  private nextTurn(): void {
    const { control, members } = this;
    Atomics.store(
      control,
      Control.turn,
      (((control[Control.turn] as number) >> memberBits) + 1) * (1 << memberBits) + members,
    );
    Atomics.notify(control, Control.turn);
  }

  /** What another thread failed at, this one fails at as well, and so the error comes to whoever drives the search. */
  private findOut(units: number): never {
    this.leader.begin();
    for (let unit = 0; unit < units; unit++) {
      this.leader.expand(unit);
      this.leader.gather(unit);
    }
    throw new PrecopyError('INTERNAL', 'a thread of the search failed', 'please report this; --workers 1 does without');
  }
}

/** Joins a search from another thread, and works in it until it is over. */
export function serve(member: Member): void {
  const control = new Int32Array(member.workspace.memory.control);
  let turn = Atomics.load(control, Control.turn);
  const me = Atomics.add(control, Control.joined, 1) + 1;
  while (control[Control.phase] !== Phase.leave) {
    Atomics.wait(control, Control.turn, turn);
    const now = Atomics.load(control, Control.turn);
    // a leader that is put aside between its store and its notify wakes those that have seen the one, and done their part, a second time
    if (now === turn) continue;
    turn = now;
    const members = turn & maxThreads;
    if (me >= members || control[Control.phase] === Phase.leave) continue;
    try {
      takePart(control, member, me, members);
    } catch {
      Atomics.store(control, Control.failed, 1);
    }
    Atomics.add(control, Control.done, 1);
    Atomics.notify(control, Control.done);
  }
}

function takePart(control: Int32Array, member: Member, me: number, members: number): void {
  const phase = control[Control.phase] as number;
  const units = control[Control.units] as number;
  if (phase === Phase.lookUp) {
    member.lookUp(units, piecesFor(control, me, members, parts));
    return;
  }
  const { workspace } = member;
  if (phase === Phase.gather) {
    for (let unit = 0; unit < units; unit++) if (workspace.unit(unit, Unit.owner) === me) member.gather(unit);
    return;
  }
  member.begin();
  for (const unit of piecesFor(control, me, members, units)) {
    workspace.setUnit(unit, Unit.owner, me);
    member.expand(unit);
  }
}
