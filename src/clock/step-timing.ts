import type { Interpreter } from '../compile/interpreter.ts';
import type { ActorTiming } from './actor-timing.ts';
import { type CostModel, coldNs, type TransitionCost } from './cost-model.ts';
import type { CpuScheduler } from './cpu-scheduler.ts';
import type { MetricsRecorder } from './metrics.ts';
import type { PrefixCosts } from './prefix-cost.ts';

/** Gives the transitions of steps their times. */
export class StepTiming {
  /** who has to know that an actor was called, or moved by somebody else's step */
  processors: CpuScheduler | undefined;

  constructor(
    private readonly program: Interpreter,
    private readonly actors: readonly ActorTiming[],
    private readonly costs: CostModel,
    private readonly leads: PrefixCosts,
    private readonly meter: MetricsRecorder,
  ) {}

  /** When the step that an actor has begun is paid for, if it takes this arrow. */
  completionTime(one: ActorTiming, arrow: number, isNew: boolean): number {
    const { ns, leadNs, isVariable } = this.costs;
    if (isVariable[arrow] === 1) return this.dueUnevenly(one, arrow, isNew);
    one.costNs = ns[arrow];
    return one.startNs + one.costNs + leadNs[arrow];
  }

  private dueUnevenly(one: ActorTiming, arrow: number, isNew: boolean): number {
    const cost = this.costs.arrows[arrow];
    if (cost.variable === undefined) one.costNs = cost.ns;
    else if (isNew) one.costNs = this.costs.draw(cost, one.actor);
    let leadNs = this.costs.leadNs[arrow];
    for (const lead of cost.coldPrefix) leadNs += coldNs(lead, one.startNs);
    return one.startNs + one.costNs + leadNs;
  }

  /** The step that an actor had begun was taken: how long that, and what others did in it, keeps each of them busy. */
  commitTimes(one: ActorTiming, step: number): void {
    const { moves } = this.program;
    const { marks } = this.meter;
    one.pendingEvent = -1;
    one.busyUntil = one.startNs + one.costNs;
    one.lastMoved = step;
    if (marks[moves.arrows[0]] !== 0) this.note(0, one.startNs);
    if (moves.count === 1) return;
    for (let n = 1; n < moves.count; n++) this.settleMove(n, one, step);
    this.leads.learn(this.program);
  }

  private settleMove(n: number, one: ActorTiming, step: number): void {
    const { moves } = this.program;
    const arrow = moves.arrows[n];
    const mover = this.actors[moves.actors[n]];
    const cost = this.costs.arrows[arrow];
    let from = mover.busyUntil;
    if (cost.isRendezvous) {
      const sent = this.actors[moves.senders[n]].busyUntil;
      if (sent > from) from = sent;
      if (mover.lastMoved !== step) from += cost.wakeNs;
      if (cost.isCall) this.processors?.join(mover.actor, moves.senders[n]);
    }
    mover.lastMoved = step;
    const ns = cost.isConstant ? cost.ns : this.unevenNs(cost, mover.actor, from);
    mover.busyUntil = from + ns;
    if (mover !== one) this.processors?.moved(mover.actor, ns);
    if (this.meter.marks[arrow] !== 0) this.note(n, from);
  }

  private unevenNs(cost: TransitionCost, actor: number, fromNs: number): number {
    let ns = cost.variable === undefined ? cost.ns : this.costs.draw(cost, actor);
    if (cost.cold !== undefined) {
      ns += coldNs(cost, fromNs);
      cost.cold.lastNs = fromNs;
    }
    return ns;
  }

  private note(n: number, fromNs: number): void {
    const { actors, arrows, senders } = this.program.moves;
    const sender = senders[n];
    const sentNs = this.actors[sender].busyUntil;
    this.meter.record(arrows[n], actors[n], sender, fromNs, sentNs);
  }
}
