/**
 * Discrete-event simulation with next-event time advance (A. M. Law, "Simulation Modeling and Analysis", section 1.3).
 * The processes are the actors of a `Program`; the event list holds the next turn of each (`Agenda`).
 *
 *     loop
 *       actor, now := the entry of the event list with the earliest time
 *       if now >= until: stop
 *       if a time slice ends before:            run the CPU scheduler, continue
 *       if the actor has no pending step:       begin one: its first message, else what its policy chooses
 *       transition := the transition that the pending step would take in the current state
 *       if guards refuse every alternative:     block the actor until another actor steps, continue
 *       completion := start of the step + cost of its prefix and first transition
 *       if completion > now:                    move the actor's entry to completion, continue
 *       take the step; assign times to its microsteps; reschedule the actors that it moved or sent a message to
 *
 * Different from the textbook: **actors pay first**. A step begins when its actor is free and takes effect when its
 * cost is paid, so that other actors never see an effect early (docs/decisions/0008). Other steps may take effect in
 * between. This is sound: the guards are evaluated again when the step takes effect, so the sequence of steps is a path
 * of the state graph that the model checker explores. If guards then decide for another transition, the rest of its
 * cost is paid first. What the same thread does within the step before its last visible operation is paid in advance as
 * well (`PrefixCosts`).
 *
 * Synchronization needs no code here. A rendezvous takes place when both actors are ready: a receiver that was ahead
 * keeps its time, and one that waited continues at the time of the sender. So the machine of a lock grants it, and the
 * time of a waiting actor moves on to the grant. A posted message arrives after its latency.
 */
import { guardFault, type Interpreter } from '../compile/interpreter.ts';
import { StepOutcome } from '../compile/program.ts';
import { PrecopyError } from '../model/errors.ts';
import { type ActorTiming, never } from './actor-timing.ts';
import { Agenda } from './agenda.ts';
import type { CostModel } from './cost-model.ts';
import type { CpuScheduler, SchedulableSimulator } from './cpu-scheduler.ts';
import { InFlightMessages } from './in-flight-messages.ts';
import type { MetricsRecorder } from './metrics.ts';
import type { SimulatorObserver } from './observer.ts';
import type { PolicyProvider } from './policy.ts';
import type { PrefixCosts } from './prefix-cost.ts';
import { type SpontaneousAction, SpontaneousActions } from './spontaneous-actions.ts';
import { StepTiming } from './step-timing.ts';

/** Why `Simulator.run` returned. */
export type StopCause = 'until' | 'stopped' | 'steps' | 'fault' | 'deadlock';

/** Parts of a simulator. */
export interface SimulatorParts {
  /** in its initial state */
  readonly program: Interpreter;
  readonly costs: CostModel;
  readonly prefixCosts: PrefixCosts;
  readonly metrics: MetricsRecorder;
  readonly policies: PolicyProvider;
  readonly observer: SimulatorObserver | undefined;
  /** undefined, or a result of undefined, if each actor has a processor of its own */
  readonly createScheduler?: (simulator: SchedulableSimulator) => CpuScheduler | undefined;
}

/** Runs a program in simulated time. */
export class Simulator implements SchedulableSimulator {
  /** simulated time of the current step; never decreases */
  nowNs = 0;
  /** number of steps taken */
  steps = 0;
  readonly program: Interpreter;
  readonly metrics: MetricsRecorder;

  private readonly agenda: Agenda;
  private readonly timing: StepTiming;
  private readonly inFlight: InFlightMessages;
  private readonly spontaneousActions: SpontaneousActions;
  private readonly scheduler: CpuScheduler | undefined;
  private readonly observer: SimulatorObserver | undefined;
  /** by event: 1 if it delivers a message */
  private readonly isDelivery: Uint8Array;
  private stopping = false;
  /** true if a step that was taken for the scheduler failed */
  private isFaulty = false;

  constructor({ program, costs, prefixCosts, metrics, policies, observer, createScheduler }: SimulatorParts) {
    this.program = program;
    this.metrics = metrics;
    this.observer = observer;
    this.isDelivery = Uint8Array.from(program.events, ({ from }) => (from === undefined ? 0 : 1));
    this.inFlight = new InFlightMessages(program, costs, observer);
    this.spontaneousActions = new SpontaneousActions(program, policies);
    this.agenda = new Agenda(program, this.spontaneousActions, this.inFlight);
    this.timing = new StepTiming(program, this.agenda.actors, costs, prefixCosts, metrics);
    this.scheduler = createScheduler?.(this);
    for (const one of this.agenda.active) this.agenda.reschedule(one);
    this.agenda.scheduler = this.scheduler;
    this.timing.scheduler = this.scheduler;
    this.scheduler?.start();
  }

  get actors(): readonly ActorTiming[] {
    return this.agenda.actors;
  }

  /** Makes `run` return after the current step. */
  stop(): void {
    this.stopping = true;
  }

  /**
   * Takes steps until simulated time reaches `untilNs`, `maxSteps` were taken, `stop` was called, or no step is left.
   * @throws PrecopyError `BAD_DESIGN` if an actor has a choice and no policy
   */
  run(untilNs: number, maxSteps: number): StopCause {
    this.stopping = false;
    const { program, scheduler, agenda, timing } = this;
    const { active } = agenda;
    const lastStep = this.steps + maxSteps;
    for (;;) {
      // The earliest entry of the event list, and the time of the second.
      let one: ActorTiming | undefined;
      let at = never;
      let next = untilNs;
      for (let n = 0; n < active.length; n++) {
        const other = active[n];
        if (other.nextTurnNs < at) {
          if (at < next) next = at;
          at = other.nextTurnNs;
          one = other;
        } else if (other.nextTurnNs < next) next = other.nextTurnNs;
      }
      const sliceEnds = scheduler === undefined ? never : Math.max(this.nowNs, scheduler.nextNs);
      if (at >= untilNs && sliceEnds >= untilNs) {
        if (one === undefined && sliceEnds === never) return 'deadlock';
        this.nowNs = untilNs;
        return 'until';
      }
      if (one === undefined || sliceEnds <= at) {
        this.nowNs = sliceEnds;
        scheduler?.endSlice(sliceEnds);
        if (this.isFaulty) return 'fault';
        continue;
      }
      if (sliceEnds < next) next = sliceEnds;
      if (at > this.nowNs) this.nowNs = at;
      if (scheduler !== undefined && !scheduler.admit(one.actor, this.nowNs)) {
        if (this.isFaulty) return 'fault';
        continue;
      }
      // Most steps move no other actor: continue with the same one while it is the earliest.
      do {
        if (at > this.nowNs) this.nowNs = at;
        const transition = one.pendingEvent < 0 ? this.beginStep(one) : this.lookAhead(one);
        if (transition === guardFault) return 'fault';
        if (transition < 0) break;
        at = timing.completionTime(one, transition);
        if (at > this.nowNs) {
          one.nextTurnNs = at;
          if (at >= next) break;
          this.nowNs = at;
        }
        if (program.commit() === StepOutcome.fault) return 'fault';
        this.commit(one);
        if (scheduler?.stepTaken(one.actor, this.nowNs)) agenda.scheduleChanged = true;
        if (this.isFaulty) return 'fault';
        if (this.stopping) return 'stopped';
        if (this.steps >= lastStep) return 'steps';
        at = one.nextTurnNs;
      } while (at < next && !agenda.scheduleChanged);
    }
  }

  /** Begins a step. Returns the transition that it would take now, or -1 if the actor does nothing yet. */
  private beginStep(one: ActorTiming): number {
    one.costNs = Number.NaN;
    if (one.deliveryNs <= one.startNs) {
      one.startNs = one.deliveryNs;
      one.pendingEvent = one.deliveryEvent;
      one.payload = 0;
      one.policy = undefined;
      return this.lookAhead(one);
    }
    const { event, policy } = one.spontaneous as SpontaneousAction;
    one.policy = policy;
    if (policy === undefined) {
      one.pendingEvent = event;
      one.payload = 0;
    } else if (policy.choose(one.nextTurnNs)) {
      one.pendingEvent = policy.event;
      one.payload = policy.payload;
    } else {
      const later = policy.nextTime(one.nextTurnNs);
      if (!(later > one.nextTurnNs)) throw noProgress(this.program, one);
      one.startNs = later;
      one.nextTurnNs = Math.min(later, one.deliveryNs);
      return -1;
    }
    return this.lookAhead(one);
  }

  /**
   * Returns the transition that the pending step would take in the current state. If guards refuse every alternative,
   * blocks the actor and returns -1.
   */
  private lookAhead(one: ActorTiming): number {
    for (;;) {
      const transition = this.program.prepare(one.pendingEvent, one.payload);
      if (transition !== -1) return transition;
      const { policy } = one;
      if (policy?.onRefused(this.nowNs)) {
        one.pendingEvent = policy.event;
        one.payload = policy.payload;
      } else if (this.isDelivery[one.pendingEvent] === 1) throw noProgress(this.program, one);
      else {
        this.agenda.block(one);
        return -1;
      }
    }
  }

  /** Assigns times to the step just taken, and updates the event list. */
  private commit(one: ActorTiming): void {
    const { agenda, observer } = this;
    const { startNs, pendingEvent, payload } = one;
    this.timing.commitTimes(one, ++this.steps);
    if (this.isDelivery[pendingEvent] === 1) this.inFlight.deliver(one.actor, pendingEvent, startNs);
    else one.policy?.onTaken(one);
    if (observer?.step) {
      const { actor, busyUntilNs } = one;
      observer.step({ actor, event: pendingEvent, payload, fromNs: startNs, atNs: this.nowNs, toNs: busyUntilNs });
    }
    agenda.scheduleChanged = false;
    agenda.afterStepOf(one, this.nowNs);
    agenda.reschedule(one);
  }

  reschedule(one: ActorTiming): void {
    this.agenda.reschedule(one);
  }

  computes(actor: number): boolean {
    return this.spontaneousActions.of(actor).policy?.computes === true;
  }

  takeNow(one: ActorTiming, event: number, atNs: number): void {
    one.pendingEvent = event;
    one.startNs = atNs;
    one.payload = 0;
    one.policy = undefined;
    one.costNs = Number.NaN;
    const transition = this.lookAhead(one);
    if (transition === guardFault) this.isFaulty = true;
    if (transition < 0) return;
    this.timing.completionTime(one, transition);
    if (this.program.commit() === StepOutcome.fault) this.isFaulty = true;
    else this.commit(one);
  }

  interrupt(one: ActorTiming, atNs: number): void {
    const { pendingEvent, startNs, costNs, payload, policy } = one;
    this.takeNow(one, one.deliveryEvent, atNs);
    if (pendingEvent < 0 || !this.program.accepts(pendingEvent)) return;
    Object.assign(one, { pendingEvent, startNs, costNs, payload, policy } satisfies Partial<ActorTiming>);
  }
}

function noProgress({ actors }: Interpreter, { actor }: ActorTiming): PrecopyError {
  return new PrecopyError(
    'INTERNAL',
    `the simulator makes no progress at ${actors[actor]}`,
    'please report this as a bug of precopy',
  );
}
