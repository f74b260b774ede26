import { type AccessSets, conflict, intersects } from '../../cache/access-sets.ts';
import type { OwnedSets } from '../../model/owned-sets.ts';
import type { Footprint } from './footprints.ts';

/** An event of an execution: a choice that was taken, with its footprint there. */
export interface ExecutedEvent {
  readonly choice: number;
  readonly actor: number;
  readonly footprint: Footprint;
  /**
   * the bits that it writes and reads, with those that the disabled choices of its actor read: a step that writes one
   * of these may enable what the actor could do instead
   */
  readonly accesses: AccessSets;
  /** true if the event writes what an invariant reads */
  readonly isVisible: boolean;
}

/**
 * A race: an earlier event that happens before a later one of another actor, with no event between them in that order.
 */
export interface Race {
  /** position of the earlier event */
  readonly earlier: number;
  /**
   * Initials of the sequence v = notdep(earlier).later: the actors that can begin it, up to the order of independent
   * events. One of them has to be explored before the earlier event to reverse the race.
   */
  readonly initials: readonly number[];
}

/**
 * An execution with its happens-before relation, the least partial order that contains its dependent pairs in order.
 * The relation is kept as vector clocks (C. Flanagan and P. Godefroid, POPL 2005; F. Mattern, 1989).
 */
export class Execution {
  readonly events: ExecutedEvent[] = [];
  /** by event, then by actor: 1 + the position of the last event of that actor that happens before it or is it, or 0 */
  private readonly clocks: Int32Array[] = [];
  /** by actor: positions of its events */
  private readonly positions: number[][];

  constructor(
    private readonly actors: number,
    private readonly ownedSets: OwnedSets,
  ) {
    this.positions = Array.from({ length: actors }, () => []);
  }

  /** Returns the number of events of an actor. */
  stepsOf(actor: number): number {
    return this.positions[actor].length;
  }

  /** Appends an event, and returns its races with earlier ones. */
  push(event: ExecutedEvent): Race[] {
    const { clock, races } = this.clockAndRaces(event.actor, (earlier) => areDependent(earlier, event, this.ownedSets));
    clock[event.actor] = this.events.length + 1;
    this.positions[event.actor].push(this.events.length);
    this.events.push(event);
    this.clocks.push(clock);
    return races;
  }

  /** Returns notdep(earlier): the positions of the events up to `end` that do not happen after that event. */
  independentOf(earlier: number, end: number): number[] {
    const { events, clocks } = this;
    const { actor } = events[earlier];
    const found: number[] = [];
    for (let n = earlier + 1; n < end; n++) if (clocks[n][actor] <= earlier) found.push(n);
    return found;
  }

  /** Removes the last event. */
  pop(): void {
    const event = this.events.pop() as ExecutedEvent;
    this.clocks.pop();
    this.positions[event.actor].pop();
  }

  /** Returns the races of a disabled choice of an actor with the events that wrote the bits it waits for. */
  racesOfDisabled(actor: number, bitsRead: Int32Array): Race[] {
    return this.clockAndRaces(actor, ({ footprint }) => intersects(footprint.bitsWritten, bitsRead)).races;
  }

  /** Returns the vector clock of a next event of an actor, without that event itself, and its races. */
  private clockAndRaces(
    actor: number,
    dependsOn: (earlier: ExecutedEvent) => boolean,
  ): { clock: Int32Array; races: Race[] } {
    const { events, clocks } = this;
    const last = this.positions[actor].at(-1);
    const clock = last === undefined ? new Int32Array(this.actors) : Int32Array.from(clocks[last]);
    const racing: number[] = [];
    for (let n = events.length - 1; n >= 0; n--) {
      const earlier = events[n];
      const isOrdered = clock[earlier.actor] > n;
      if (isOrdered || !dependsOn(earlier)) continue;
      racing.push(n);
      join(clock, clocks[n]);
    }
    return { clock, races: racing.map((earlier) => ({ earlier, initials: this.initials(earlier, actor, clock) })) };
  }

  /** Returns the initials of notdep(earlier) followed by an event of `actor` that has this clock. */
  private initials(earlier: number, actor: number, clock: Int32Array): number[] {
    const { events, clocks } = this;
    const { actor: earlierActor } = events[earlier];
    const sequence: number[] = [];
    const initials: number[] = [];
    const hasNoPredecessor = (after: Int32Array): boolean => sequence.every((n) => after[events[n].actor] <= n);
    for (let n = earlier + 1; n < events.length; n++) {
      const happensAfterEarlier = clocks[n][earlierActor] > earlier;
      if (happensAfterEarlier) continue;
      if (hasNoPredecessor(clocks[n])) initials.push(events[n].actor);
      sequence.push(n);
    }
    if (hasNoPredecessor(clock)) initials.push(actor);
    return initials;
  }
}

/**
 * Returns true if two events are dependent: of one actor, in conflict, both visible to an invariant, or if two actors
 * access a cell of owned memory in them, one to write. Where no state is a race for owned memory, the last one adds
 * nothing: if such events could be exchanged, both would be enabled in the state before them.
 */
export function areDependent(
  one: Omit<ExecutedEvent, 'choice'>,
  other: Omit<ExecutedEvent, 'choice'>,
  ownedSets: OwnedSets,
): boolean {
  return (
    one.actor === other.actor ||
    (one.isVisible && other.isVisible) ||
    conflict(one.accesses, other.accesses) ||
    ownedSets.conflict(one.footprint.ownedAccesses, other.footprint.ownedAccesses)
  );
}

function join(clock: Int32Array, other: Int32Array): void {
  for (let n = 0; n < clock.length; n++) clock[n] = Math.max(clock[n], other[n]);
}
