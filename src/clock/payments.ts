import type { Runner } from '../compile/runner.ts';
import { type ArrowCost, type Costs, coldNs } from './costs.ts';
import type { Leads } from './leads.ts';
import type { Meter } from './meter.ts';
import type { Processors } from './processors.ts';
import type { TimedActor } from './timed-actor.ts';

/** Gives the transitions of steps their times. */
export class Payments {
  /** who has to know that an actor was called, or moved by somebody else's step */
  processors: Processors | undefined;

  constructor(
    private readonly program: Runner,
    private readonly actors: readonly TimedActor[],
    private readonly costs: Costs,
    private readonly leads: Leads,
    private readonly meter: Meter,
  ) {}

  /** When the step that an actor has begun is paid for, if it takes this arrow. */
  due(one: TimedActor, arrow: number, isNew: boolean): number {
    const { ns, leadNs, isUneven } = this.costs;
    if (isUneven[arrow] === 1) return this.dueUnevenly(one, arrow, isNew);
    one.ownNs = ns[arrow] as number;
    return one.starts + one.ownNs + (leadNs[arrow] as number);
  }

  private dueUnevenly(one: TimedActor, arrow: number, isNew: boolean): number {
    const cost = this.costs.arrows[arrow] as ArrowCost;
    if (cost.variable === undefined) one.ownNs = cost.ns;
    else if (isNew) one.ownNs = this.costs.draw(cost, one.actor);
    let leadNs = this.costs.leadNs[arrow] as number;
    for (const lead of cost.coldLeads) leadNs += coldNs(lead, one.starts);
    return one.starts + one.ownNs + leadNs;
  }

  /** The step that an actor had begun was taken: how long that, and what others did in it, keeps each of them busy. */
  settle(one: TimedActor, step: number): void {
    const { moves } = this.program;
    const { marks } = this.meter;
    one.begun = -1;
    one.busyUntil = one.starts + one.ownNs;
    one.lastMoved = step;
    if (marks[moves.arrows[0] as number] !== 0) this.note(0, one.starts);
    if (moves.count === 1) return;
    for (let n = 1; n < moves.count; n++) this.settleMove(n, one, step);
    this.leads.learn(this.program);
  }

  private settleMove(n: number, one: TimedActor, step: number): void {
    const { moves } = this.program;
    const arrow = moves.arrows[n] as number;
    const mover = this.actors[moves.actors[n] as number] as TimedActor;
    const cost = this.costs.arrows[arrow] as ArrowCost;
    let from = mover.busyUntil;
    if (cost.isRendezvous) {
      const sent = (this.actors[moves.senders[n] as number] as TimedActor).busyUntil;
      if (sent > from) from = sent;
      if (mover.lastMoved !== step) from += cost.wakeNs;
      if (cost.isCall) this.processors?.join(mover.actor, moves.senders[n] as number);
    }
    mover.lastMoved = step;
    const ns = cost.isEven ? cost.ns : this.unevenNs(cost, mover.actor, from);
    mover.busyUntil = from + ns;
    if (mover !== one) this.processors?.moved(mover.actor, ns);
    if (this.meter.marks[arrow] !== 0) this.note(n, from);
  }

  private unevenNs(cost: ArrowCost, actor: number, fromNs: number): number {
    let ns = cost.variable === undefined ? cost.ns : this.costs.draw(cost, actor);
    if (cost.cold !== undefined) {
      ns += coldNs(cost, fromNs);
      cost.cold.lastNs = fromNs;
    }
    return ns;
  }

  private note(n: number, fromNs: number): void {
    const { actors, arrows, senders } = this.program.moves;
    const sender = senders[n] as number;
    const sentNs = (this.actors[sender] as TimedActor).busyUntil;
    this.meter.note(arrows[n] as number, actors[n] as number, sender, fromNs, sentNs);
  }
}
