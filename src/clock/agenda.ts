import type { Program } from '../compile/program.ts';
import { ActorTiming, never } from './actor-timing.ts';
import type { CpuScheduler } from './cpu-scheduler.ts';
import type { InFlightMessages } from './in-flight-messages.ts';
import type { SpontaneousActions } from './spontaneous-actions.ts';

/**
 * The event list: one entry per actor, the time of its next turn. The simulator scans it linearly; with the few actors
 * of a model this is faster than a heap.
 */
export class Agenda {
  /** by id */
  readonly actors: readonly ActorTiming[];
  readonly active: readonly ActorTiming[];
  /** true if the last step changed the next turn of another actor */
  scheduleChanged = false;
  /** undefined if each actor has a processor of its own */
  scheduler: CpuScheduler | undefined;
  private blocked = 0;

  constructor(
    private readonly program: Program,
    private readonly spontaneousActions: SpontaneousActions,
    private readonly inFlight: InFlightMessages,
  ) {
    const active = new Set(program.events.map(({ actor }) => actor));
    this.actors = program.actors.map((_, actor) => new ActorTiming({ actor, isActive: active.has(actor) }));
    this.active = this.actors.filter(({ isActive }) => isActive);
  }

  /** Computes the next turn of an actor: the earlier of its next spontaneous step and its next delivery. */
  reschedule(one: ActorTiming): void {
    const ready = one.busyUntilNs;
    const acceptedEvents = this.scheduler?.acceptedEvents(one.actor);
    const arrival = this.inFlight.firstArrival(one, acceptedEvents);
    const delivery = arrival > ready ? arrival : ready;
    one.deliveryNs = delivery;
    if (acceptedEvents !== undefined) {
      // Without a processor the actor takes only interrupts. A pending step keeps its start until the actor is
      // dispatched.
      if (one.pendingEvent < 0) one.startNs = never;
      one.nextTurnNs = delivery;
      return;
    }
    const spontaneous = this.spontaneousActions.of(one.actor);
    const { policy, event } = spontaneous;
    const start = policy !== undefined ? policy.nextTime(ready) : event < 0 ? never : ready;
    one.spontaneous = spontaneous;
    one.startNs = start;
    one.nextTurnNs = delivery < start ? delivery : start;
  }

  /** Reschedules the other actors that a step of `one` moved, sent a message to, or may have unblocked. */
  afterStepOf(one: ActorTiming, nowNs: number): void {
    const { actors, count, postedCount, postedTo } = this.program.microsteps;
    if (postedCount > 0) this.inFlight.post(this.actors);
    if (this.blocked > 0) this.unblockAll(nowNs);
    for (let n = 1; n < count; n++) {
      const other = this.actors[actors[n]];
      if (other === one || !other.isActive) continue;
      other.pendingEvent = -1;
      this.reschedule(other);
      this.scheduleChanged = true;
    }
    for (let n = 0; n < postedCount; n++) {
      const to = this.actors[postedTo[n]];
      if (to.pendingEvent < 0 || this.scheduler?.isQueued(to.actor)) this.reschedule(to);
      this.scheduleChanged = true;
    }
  }

  /** Blocks an actor until another actor has taken a step: guards refused every alternative that it had. */
  block(one: ActorTiming): void {
    one.pendingEvent = -1;
    one.startNs = never;
    one.nextTurnNs = one.deliveryNs;
    if (!one.isBlocked) this.blocked++;
    one.isBlocked = true;
  }

  private unblockAll(nowNs: number): void {
    for (const one of this.active) {
      if (!one.isBlocked) continue;
      one.isBlocked = false;
      one.busyUntilNs = Math.max(one.busyUntilNs, nowNs);
      this.reschedule(one);
    }
    this.blocked = 0;
    this.scheduleChanged = true;
  }
}
