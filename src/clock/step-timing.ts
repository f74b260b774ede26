import type { Interpreter } from '../compile/interpreter.ts';
import type { ActorTiming } from './actor-timing.ts';
import { type CostModel, coldNs, type TransitionCost } from './cost-model.ts';
import type { CpuScheduler } from './cpu-scheduler.ts';
import type { MetricsRecorder } from './metrics.ts';
import type { PrefixCosts } from './prefix-cost.ts';

/** Computes the times of steps: when a step takes effect, and until when it keeps each of its actors busy. */
export class StepTiming {
  /** undefined if each actor has a processor of its own */
  scheduler: CpuScheduler | undefined;

  constructor(
    private readonly program: Interpreter,
    private readonly actors: readonly ActorTiming[],
    private readonly costs: CostModel,
    private readonly prefixCosts: PrefixCosts,
    private readonly metrics: MetricsRecorder,
  ) {}

  /** Returns when the pending step of an actor takes effect if it begins with this transition. Sets `costNs`. */
  completionTime(one: ActorTiming, transition: number): number {
    const { ns, prefixNs, isVariable } = this.costs;
    if (isVariable[transition] === 1) return this.variableCompletionTime(one, transition);
    one.costNs = ns[transition];
    return one.startNs + one.costNs + prefixNs[transition];
  }

  /** A random cost is drawn once per step, although the completion time may be computed again. */
  private variableCompletionTime(one: ActorTiming, transition: number): number {
    const cost = this.costs.transitions[transition];
    if (cost.variable === undefined) one.costNs = cost.ns;
    else if (Number.isNaN(one.costNs)) one.costNs = this.costs.draw(cost, one.actor);
    let prefixNs = this.costs.prefixNs[transition];
    for (const cold of cost.coldPrefix) prefixNs += coldNs(cold, one.startNs);
    return one.startNs + one.costNs + prefixNs;
  }

  /**
   * Sets the times of all actors that the step just taken moved.
   * @param step number of the step
   */
  commitTimes(one: ActorTiming, step: number): void {
    const { microsteps } = this.program;
    const { marks } = this.metrics;
    one.pendingEvent = -1;
    one.busyUntilNs = one.startNs + one.costNs;
    one.lastStep = step;
    if (marks[microsteps.transitions[0]] !== 0) this.record(0, one.startNs);
    if (microsteps.count === 1) return;
    for (let n = 1; n < microsteps.count; n++) this.commitMicrostep(n, one, step);
    this.prefixCosts.learn(this.program);
  }

  private commitMicrostep(n: number, one: ActorTiming, step: number): void {
    const { microsteps } = this.program;
    const transition = microsteps.transitions[n];
    const actor = this.actors[microsteps.actors[n]];
    const cost = this.costs.transitions[transition];
    let from = actor.busyUntilNs;
    if (cost.isRendezvous) {
      const sent = this.actors[microsteps.senders[n]].busyUntilNs;
      if (sent > from) from = sent;
      if (actor.lastStep !== step) from += cost.wakeNs;
      if (cost.isCall) this.scheduler?.join(actor.actor, microsteps.senders[n]);
    }
    actor.lastStep = step;
    const ns = cost.isConstant ? cost.ns : this.variableNs(cost, actor.actor, from);
    actor.busyUntilNs = from + ns;
    if (actor !== one) this.scheduler?.deferCost(actor.actor, ns);
    if (this.metrics.marks[transition] !== 0) this.record(n, from);
  }

  private variableNs(cost: TransitionCost, actor: number, fromNs: number): number {
    let ns = cost.variable === undefined ? cost.ns : this.costs.draw(cost, actor);
    if (cost.cold !== undefined) {
      ns += coldNs(cost, fromNs);
      cost.cold.lastNs = fromNs;
    }
    return ns;
  }

  private record(n: number, fromNs: number): void {
    const { actors, transitions, senders } = this.program.microsteps;
    const sender = senders[n];
    this.metrics.record(transitions[n], actors[n], sender, fromNs, this.actors[sender].busyUntilNs);
  }
}
