import type { Program } from '../compile/program.ts';
import { ActorTiming } from './actor-timing.ts';
import type { CpuScheduler } from './cpu-scheduler.ts';
import type { InFlightMessages } from './in-flight-messages.ts';
import type { SpontaneousActions } from './spontaneous-actions.ts';

const never = Number.POSITIVE_INFINITY;

/** When each actor has its next turn. */
export class Agenda {
  /** by number */
  readonly actors: readonly ActorTiming[];
  readonly active: readonly ActorTiming[];
  /** whether the last step changed when somebody else has a turn */
  scheduleChanged = false;
  /** who shares out processors; without it each actor has one of its own */
  processors: CpuScheduler | undefined;
  private refused = 0;

  constructor(
    private readonly program: Program,
    private readonly plans: SpontaneousActions,
    private readonly mail: InFlightMessages,
  ) {
    const active = new Set(program.events.map(({ actor }) => actor));
    this.actors = program.actors.map((_, actor) => new ActorTiming(actor, active.has(actor)));
    this.active = this.actors.filter(({ isActive }) => isActive);
  }

  /** Finds out when an actor begins its next step by itself, and when it begins to take a message. */
  reschedule(one: ActorTiming): void {
    const ready = one.busyUntil;
    const only = this.processors?.takesOnly(one.actor);
    const arrives = this.mail.arrives(one, only);
    const takes = arrives > ready ? arrives : ready;
    one.takesMail = takes;
    if (only !== undefined) {
      // It goes on by itself once it has a processor; a step that it has begun waits for that.
      if (one.pendingEvent < 0) one.startNs = never;
      one.nextTurnNs = takes;
      return;
    }
    const plan = this.plans.of(one.actor);
    const start = plan.chooser !== undefined ? plan.chooser.nextTime(ready) : plan.event < 0 ? never : ready;
    one.plan = plan;
    one.startNs = start;
    one.nextTurnNs = takes < start ? takes : start;
  }

  /** Finds out who else has another turn than before, now that an actor has taken a step. */
  afterStepOf(one: ActorTiming, nowNs: number): void {
    const { actors, count, postedCount, postedTo } = this.program.moves;
    if (postedCount > 0) this.mail.post(this.actors);
    if (this.refused > 0) this.retry(nowNs);
    for (let n = 1; n < count; n++) {
      const other = this.actors[actors[n]];
      if (other === one || !other.isActive) continue;
      other.pendingEvent = -1;
      this.reschedule(other);
      this.scheduleChanged = true;
    }
    for (let n = 0; n < postedCount; n++) {
      const to = this.actors[postedTo[n]];
      if (to.pendingEvent < 0 || this.processors?.isQueued(to.actor)) this.reschedule(to);
      this.scheduleChanged = true;
    }
  }

  /** Guards have refused all that an actor could do: it waits until somebody else has taken a step. */
  block(one: ActorTiming): void {
    one.pendingEvent = -1;
    one.startNs = never;
    one.nextTurnNs = one.takesMail;
    if (!one.isRefused) this.refused++;
    one.isRefused = true;
  }

  private retry(nowNs: number): void {
    for (const one of this.active) {
      if (!one.isRefused) continue;
      one.isRefused = false;
      one.busyUntil = Math.max(one.busyUntil, nowNs);
      this.reschedule(one);
    }
    this.refused = 0;
    this.scheduleChanged = true;
  }
}
