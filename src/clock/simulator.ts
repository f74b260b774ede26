import { guardFault, type Interpreter } from '../compile/interpreter.ts';
import { StepOutcome } from '../compile/program.ts';
import { PrecopyError } from '../model/errors.ts';
import type { ActorTiming } from './actor-timing.ts';
import { Agenda } from './agenda.ts';
import type { CostModel } from './cost-model.ts';
import type { CpuScheduler, SchedulableSimulator } from './cpu-scheduler.ts';
import { InFlightMessages } from './in-flight-messages.ts';
import type { MetricsRecorder } from './metrics.ts';
import type { ClockObserver } from './observer.ts';
import type { PolicyProvider } from './policy.ts';
import type { PrefixCosts } from './prefix-cost.ts';
import { type SpontaneousAction, SpontaneousActions } from './spontaneous-actions.ts';
import { StepTiming } from './step-timing.ts';

const never = Number.POSITIVE_INFINITY;

/** Why a run of the clock came back. */
export type StopCause = 'until' | 'stopped' | 'steps' | 'fault' | 'deadlock';

/**
 * Runs a Program under a clock. Each actor has a time of its own, up to which it is busy. The one whose turn is earliest goes on.
 *
 * An actor first pays for a step and then takes it: by the time that others see what it did, its cost is over. So a step is begun in one turn
 * and taken in a later one, and whatever others do in between, the guards have the last word when it is taken. What the same thread does
 * within the step before its last operation that others see is paid before, too: the way of an ioctl up to its request of a lock (`Leads`).
 *
 * A rendezvous takes place when both are ready: a receiver that was ahead keeps its time, and one that was behind, because it waited, gets that
 * of the sender. A posted message arrives after its latency. So waiting for a lock needs no code here: the machine of the lock grants when it
 * grants, and the time of whoever waits moves on to then.
 */
export class Simulator implements SchedulableSimulator {
  /** the time of the step that is taken now; it never goes back */
  nowNs = 0;
  steps = 0;

  private readonly agenda: Agenda;
  private readonly payments: StepTiming;
  private readonly mail: InFlightMessages;
  private readonly plans: SpontaneousActions;
  private readonly processors: CpuScheduler | undefined;
  /** by event: whether it is the delivery of a message */
  private readonly isDelivery: Uint8Array;
  private stopping = false;
  /** whether a step that was taken for the processors failed */
  private isFaulty = false;

  constructor(
    readonly program: Interpreter,
    costs: CostModel,
    leads: PrefixCosts,
    readonly meter: MetricsRecorder,
    environment: PolicyProvider,
    private readonly observer: ClockObserver | undefined,
    /** who shares out processors; without it each actor has one of its own */
    processorsFor?: (clock: SchedulableSimulator) => CpuScheduler | undefined,
  ) {
    this.isDelivery = Uint8Array.from(program.events, ({ from }) => (from === undefined ? 0 : 1));
    this.mail = new InFlightMessages(program, costs, observer);
    this.plans = new SpontaneousActions(program, environment);
    this.agenda = new Agenda(program, this.plans, this.mail);
    this.payments = new StepTiming(program, this.agenda.actors, costs, leads, meter);
    this.processors = processorsFor?.(this);
    for (const one of this.agenda.active) this.agenda.reschedule(one);
    this.agenda.processors = this.processors;
    this.payments.processors = this.processors;
    this.processors?.start();
  }

  get actors(): readonly ActorTiming[] {
    return this.agenda.actors;
  }

  /** Ends `run` after the step that is under way. */
  stop(): void {
    this.stopping = true;
  }

  /**
   * Takes steps until none is left before `untilNs`, or `maxSteps` were taken, or somebody called `stop`.
   * @throws PrecopyError `BAD_DESIGN` where an actor has a choice that nobody makes
   */
  run(untilNs: number, maxSteps: number): StopCause {
    this.stopping = false;
    const { program, processors, agenda, payments } = this;
    const { active } = agenda;
    const lastStep = this.steps + maxSteps;
    for (;;) {
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
      const sliceEnds = processors === undefined ? never : Math.max(this.nowNs, processors.nextNs);
      if (at >= untilNs && sliceEnds >= untilNs) {
        if (one === undefined && sliceEnds === never) return 'deadlock';
        this.nowNs = untilNs;
        return 'until';
      }
      if (one === undefined || sliceEnds <= at) {
        this.nowNs = sliceEnds;
        processors?.endSlice(sliceEnds);
        if (this.isFaulty) return 'fault';
        continue;
      }
      if (sliceEnds < next) next = sliceEnds;
      if (at > this.nowNs) this.nowNs = at;
      if (processors !== undefined && !processors.admit(one.actor, this.nowNs)) {
        if (this.isFaulty) return 'fault';
        continue;
      }
      // The same actor goes on for as long as it is the earliest: most steps touch nobody else.
      do {
        if (at > this.nowNs) this.nowNs = at;
        const isNew = one.pendingEvent < 0;
        const arrow = isNew ? this.beginStep(one) : this.lookAhead(one);
        if (arrow === guardFault) return 'fault';
        if (arrow < 0) break;
        at = payments.completionTime(one, arrow, isNew);
        if (at > this.nowNs) {
          one.nextTurnNs = at;
          if (at >= next) break;
          this.nowNs = at;
        }
        if (program.commit() === StepOutcome.fault) return 'fault';
        this.commit(one);
        if (processors?.stepTaken(one.actor, this.nowNs, program.moves.count > 1)) agenda.scheduleChanged = true;
        if (this.isFaulty) return 'fault';
        if (this.stopping) return 'stopped';
        if (this.steps >= lastStep) return 'steps';
        at = one.nextTurnNs;
      } while (at < next && !agenda.scheduleChanged);
    }
  }

  /** The actor settles on what it does. Returns the arrow that it would take now, or -1 where it does nothing after all. */
  private beginStep(one: ActorTiming): number {
    if (one.takesMail <= one.startNs) {
      one.startNs = one.takesMail;
      one.pendingEvent = one.message;
      one.payload = 0;
      one.chooser = undefined;
      return this.lookAhead(one);
    }
    const { event, chooser } = one.plan as SpontaneousAction;
    one.chooser = chooser;
    if (chooser === undefined) {
      one.pendingEvent = event;
      one.payload = 0;
    } else if (chooser.choose(one.nextTurnNs)) {
      one.pendingEvent = chooser.event;
      one.payload = chooser.payload;
    } else {
      const later = chooser.nextTime(one.nextTurnNs);
      if (!(later > one.nextTurnNs)) throw stuck(this.program, one);
      one.startNs = later;
      one.nextTurnNs = Math.min(later, one.takesMail);
      return -1;
    }
    return this.lookAhead(one);
  }

  /** The arrow that the step which the actor has begun would take now. Where guards refuse all that it could do, it waits: -1. */
  private lookAhead(one: ActorTiming): number {
    for (;;) {
      const arrow = this.program.prepare(one.pendingEvent, one.payload);
      if (arrow !== -1) return arrow;
      const { chooser } = one;
      if (chooser?.refused(this.nowNs)) {
        one.pendingEvent = chooser.event;
        one.payload = chooser.payload;
      } else if (this.isDelivery[one.pendingEvent] === 1) throw stuck(this.program, one);
      else {
        this.agenda.block(one);
        return -1;
      }
    }
  }

  /** Gives the step that was taken its times, and finds out who has a turn when. */
  private commit(one: ActorTiming): void {
    const { agenda, observer } = this;
    const { startNs, pendingEvent, payload } = one;
    this.payments.commitTimes(one, ++this.steps);
    if (this.isDelivery[pendingEvent] === 1) this.mail.taken(one.actor, pendingEvent, startNs);
    else one.chooser?.taken(one);
    if (observer?.step) {
      const { actor, busyUntil } = one;
      observer.step({ actor, event: pendingEvent, payload, fromNs: startNs, atNs: this.nowNs, toNs: busyUntil });
    }
    agenda.scheduleChanged = false;
    agenda.afterStepOf(one, this.nowNs);
    agenda.reschedule(one);
  }

  replan(one: ActorTiming): void {
    this.agenda.reschedule(one);
  }

  computes(actor: number): boolean {
    return this.plans.of(actor).chooser?.computes === true;
  }

  take(one: ActorTiming, event: number, atNs: number): void {
    one.pendingEvent = event;
    one.startNs = atNs;
    one.payload = 0;
    one.chooser = undefined;
    const arrow = this.lookAhead(one);
    if (arrow === guardFault) this.isFaulty = true;
    if (arrow < 0) return;
    this.payments.completionTime(one, arrow, true);
    if (this.program.commit() === StepOutcome.fault) this.isFaulty = true;
    else this.commit(one);
  }

  interrupt(one: ActorTiming, atNs: number): void {
    const { pendingEvent, startNs, costNs, payload, chooser } = one;
    this.take(one, one.message, atNs);
    if (pendingEvent < 0 || !this.program.accepts(pendingEvent)) return;
    Object.assign(one, { pendingEvent, startNs, costNs, payload, chooser } satisfies Partial<ActorTiming>);
  }
}

function stuck({ actors }: Interpreter, { actor }: ActorTiming): PrecopyError {
  return new PrecopyError('INTERNAL', `the clock stands still at ${actors[actor]}`, 'please report this');
}
