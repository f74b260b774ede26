import { conflict, intersects } from '../../cache/access-sets.ts';
import type { Footprint } from './footprints.ts';

/** One event of an execution: a choice that was taken. */
export interface ExecutedEvent {
  readonly choice: number;
  readonly actor: number;
  readonly footprint: Footprint;
  /** it writes what a property reads */
  readonly isVisible: boolean;
}

/** An event that races with a later one: nothing between the two orders them. */
export interface Race {
  /** the position of the earlier event */
  readonly earlier: number;
  /** the actors that can begin a run from before that event in which the later one comes without it */
  readonly initials: readonly number[];
}

/**
 * The events of one execution, and which of them happen before which: those of one actor in their order, those that conflict, and those that
 * both change what a property reads, as their order decides what the property sees. By vector clocks.
 */
export class Execution {
  readonly events: ExecutedEvent[] = [];
  /** by event, then by actor: how far into the execution the last event of that actor is that happens before it, from 1; 0 for none */
  private readonly clocks: Int32Array[] = [];
  /** by actor: the positions of its events */
  private readonly positions: number[][];

  constructor(private readonly actors: number) {
    this.positions = Array.from({ length: actors }, () => []);
  }

  /** How many events an actor has. */
  stepsOf(actor: number): number {
    return this.positions[actor]?.length ?? 0;
  }

  /** Adds an event; the races that it is in. */
  push(event: ExecutedEvent): Race[] {
    const { clock, races } = this.clockAndRaces(event.actor, (earlier) => areDependent(earlier, event));
    clock[event.actor] = this.events.length + 1;
    this.positions[event.actor]?.push(this.events.length);
    this.events.push(event);
    this.clocks.push(clock);
    return races;
  }

  pop(): void {
    const event = this.events.pop() as ExecutedEvent;
    this.clocks.pop();
    this.positions[event.actor]?.pop();
  }

  /** The races of a choice that cannot be taken now, with the events that wrote what it waits for. */
  racesOfDisabled(actor: number, bitsRead: Int32Array): Race[] {
    return this.clockAndRaces(actor, ({ footprint }) => intersects(footprint.bitsWritten, bitsRead)).races;
  }

  /** What happens before a next event of an actor that depends on some of the events so far, and which of them it races with. */
  private clockAndRaces(
    actor: number,
    dependsOn: (earlier: ExecutedEvent) => boolean,
  ): { clock: Int32Array; races: Race[] } {
    const { events, clocks } = this;
    const last = this.positions[actor]?.at(-1);
    const clock = last === undefined ? new Int32Array(this.actors) : Int32Array.from(clocks[last]);
    const raced: number[] = [];
    for (let n = events.length - 1; n >= 0; n--) {
      const earlier = events[n];
      if (clock[earlier.actor] > n || !dependsOn(earlier)) continue;
      raced.push(n);
      join(clock, clocks[n]);
    }
    return {
      clock,
      races: raced.map((earlier) => ({ earlier, initials: this.sourceSetInitials(earlier, actor, clock) })),
    };
  }

  /**
   * The actors that may come first in the run that consists of the events after `first` that it does not happen before, and then of the
   * event that has this clock.
   */
  private sourceSetInitials(first: number, actor: number, clock: Int32Array): number[] {
    const { events, clocks } = this;
    const without = events[first].actor;
    const run: number[] = [];
    const initials: number[] = [];
    const isFirst = (after: Int32Array): boolean => run.every((n) => after[events[n].actor] <= n);
    for (let n = first + 1; n < events.length; n++) {
      const after = clocks[n];
      if (after[without] > first) continue;
      const by = events[n].actor;
      if (isFirst(after)) initials.push(by);
      run.push(n);
    }
    if (isFirst(clock)) initials.push(actor);
    return initials;
  }
}

/** Whether the order of two events matters. */
export function areDependent(one: Omit<ExecutedEvent, 'choice'>, other: Omit<ExecutedEvent, 'choice'>): boolean {
  return one.actor === other.actor || (one.isVisible && other.isVisible) || conflict(one.footprint, other.footprint);
}

function join(clock: Int32Array, other: Int32Array): void {
  for (let n = 0; n < clock.length; n++) clock[n] = Math.max(clock[n], other[n]);
}
