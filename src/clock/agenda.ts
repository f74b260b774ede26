import type { Program } from '../compile/program.ts';
import type { Mail } from './mail.ts';
import type { Plans } from './plans.ts';
import type { Processors } from './processors.ts';
import { TimedActor } from './timed-actor.ts';

const never = Number.POSITIVE_INFINITY;

/** When each actor has its next turn. */
export class Agenda {
  /** by number */
  readonly actors: readonly TimedActor[];
  readonly active: readonly TimedActor[];
  /** whether the last step changed when somebody else has a turn */
  touchedOthers = false;
  /** who shares out processors; without it each actor has one of its own */
  processors: Processors | undefined;
  private refused = 0;

  constructor(
    private readonly program: Program,
    private readonly plans: Plans,
    private readonly mail: Mail,
  ) {
    const active = new Set(program.events.map(({ actor }) => actor));
    this.actors = program.actors.map((_, actor) => new TimedActor(actor, active.has(actor)));
    this.active = this.actors.filter(({ isActive }) => isActive);
  }

  /** Finds out when an actor begins its next step by itself, and when it begins to take a message. */
  replan(one: TimedActor): void {
    const ready = one.busyUntil;
    const only = this.processors?.takesOnly(one.actor);
    const arrives = this.mail.arrives(one, only);
    const takes = arrives > ready ? arrives : ready;
    one.takesMail = takes;
    if (only !== undefined) {
      // It goes on by itself once it has a processor; a step that it has begun waits for that.
      if (one.begun < 0) one.starts = never;
      one.turn = takes;
      return;
    }
    const plan = this.plans.of(one.actor);
    const start = plan.chooser !== undefined ? plan.chooser.due(ready) : plan.event < 0 ? never : ready;
    one.plan = plan;
    one.starts = start;
    one.turn = takes < start ? takes : start;
  }

  /** Finds out who else has another turn than before, now that an actor has taken a step. */
  afterStepOf(one: TimedActor, nowNs: number): void {
    const { actors, count, postedCount, postedTo } = this.program.moves;
    if (postedCount > 0) this.mail.post(this.actors);
    if (this.refused > 0) this.retry(nowNs);
    for (let n = 1; n < count; n++) {
      const other = this.actors[actors[n] as number] as TimedActor;
      if (other === one || !other.isActive) continue;
      other.begun = -1;
      this.replan(other);
      this.touchedOthers = true;
    }
    for (let n = 0; n < postedCount; n++) {
      const to = this.actors[postedTo[n] as number] as TimedActor;
      if (to.begun < 0 || this.processors?.isQueued(to.actor)) this.replan(to);
      this.touchedOthers = true;
    }
  }

  /** Guards have refused all that an actor could do: it waits until somebody else has taken a step. */
  refuse(one: TimedActor): void {
    one.begun = -1;
    one.starts = never;
    one.turn = one.takesMail;
    if (!one.isRefused) this.refused++;
    one.isRefused = true;
  }

  private retry(nowNs: number): void {
    for (const one of this.active) {
      if (!one.isRefused) continue;
      one.isRefused = false;
      one.busyUntil = Math.max(one.busyUntil, nowNs);
      this.replan(one);
    }
    this.refused = 0;
    this.touchedOthers = true;
  }
}
