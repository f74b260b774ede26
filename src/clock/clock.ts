import { Step } from '../compile/program.ts';
import { guardFault, type Runner } from '../compile/runner.ts';
import { PrecopyError } from '../model/errors.ts';
import { Agenda } from './agenda.ts';
import type { Environment } from './chooser.ts';
import type { Costs } from './costs.ts';
import type { Leads } from './leads.ts';
import { Mail } from './mail.ts';
import type { Meter } from './meter.ts';
import type { ClockObserver } from './observer.ts';
import { Payments } from './payments.ts';
import { type Plan, Plans } from './plans.ts';
import type { Dispatched, Processors } from './processors.ts';
import type { TimedActor } from './timed-actor.ts';

const never = Number.POSITIVE_INFINITY;

/** Why a run of the clock came back. */
export type Halt = 'until' | 'stopped' | 'steps' | 'fault' | 'deadlock';

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
export class Clock implements Dispatched {
  /** the time of the step that is taken now; it never goes back */
  nowNs = 0;
  steps = 0;

  private readonly agenda: Agenda;
  private readonly payments: Payments;
  private readonly mail: Mail;
  private readonly plans: Plans;
  private readonly processors: Processors | undefined;
  /** by event: whether it is the delivery of a message */
  private readonly isDelivery: Uint8Array;
  private stopping = false;
  /** whether a step that was taken for the processors failed */
  private isFaulty = false;

  constructor(
    readonly program: Runner,
    costs: Costs,
    leads: Leads,
    readonly meter: Meter,
    environment: Environment,
    private readonly observer: ClockObserver | undefined,
    /** who shares out processors; without it each actor has one of its own */
    processorsFor?: (clock: Dispatched) => Processors | undefined,
  ) {
    this.isDelivery = Uint8Array.from(program.events, ({ from }) => (from === undefined ? 0 : 1));
    this.mail = new Mail(program, costs, observer);
    this.plans = new Plans(program, environment);
    this.agenda = new Agenda(program, this.plans, this.mail);
    this.payments = new Payments(program, this.agenda.actors, costs, leads, meter);
    this.processors = processorsFor?.(this);
    for (const one of this.agenda.active) this.agenda.replan(one);
    this.agenda.processors = this.processors;
    this.payments.processors = this.processors;
    this.processors?.start();
  }

  get actors(): readonly TimedActor[] {
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
  run(untilNs: number, maxSteps: number): Halt {
    this.stopping = false;
    const { program, processors, agenda, payments } = this;
    const { active } = agenda;
    const lastStep = this.steps + maxSteps;
    for (;;) {
      let one: TimedActor | undefined;
      let at = never;
      let next = untilNs;
      for (let n = 0; n < active.length; n++) {
        const other = active[n] as TimedActor;
        if (other.turn < at) {
          if (at < next) next = at;
          at = other.turn;
          one = other;
        } else if (other.turn < next) next = other.turn;
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
        const isNew = one.begun < 0;
        const arrow = isNew ? this.begin(one) : this.look(one);
        if (arrow === guardFault) return 'fault';
        if (arrow < 0) break;
        at = payments.due(one, arrow, isNew);
        if (at > this.nowNs) {
          one.turn = at;
          if (at >= next) break;
          this.nowNs = at;
        }
        if (program.commit() === Step.fault) return 'fault';
        this.settle(one);
        if (processors?.stepTaken(one.actor, this.nowNs, program.moves.count > 1)) agenda.touchedOthers = true;
        if (this.isFaulty) return 'fault';
        if (this.stopping) return 'stopped';
        if (this.steps >= lastStep) return 'steps';
        at = one.turn;
      } while (at < next && !agenda.touchedOthers);
    }
  }

  /** The actor settles on what it does. Returns the arrow that it would take now, or -1 where it does nothing after all. */
  private begin(one: TimedActor): number {
    if (one.takesMail <= one.starts) {
      one.starts = one.takesMail;
      one.begun = one.message;
      one.payload = 0;
      one.chooser = undefined;
      return this.look(one);
    }
    const { event, chooser } = one.plan as Plan;
    one.chooser = chooser;
    if (chooser === undefined) {
      one.begun = event;
      one.payload = 0;
    } else if (chooser.choose(one.turn)) {
      one.begun = chooser.event;
      one.payload = chooser.payload;
    } else {
      const later = chooser.due(one.turn);
      if (!(later > one.turn)) throw stuck(this.program, one);
      one.starts = later;
      one.turn = Math.min(later, one.takesMail);
      return -1;
    }
    return this.look(one);
  }

  /** The arrow that the step which the actor has begun would take now. Where guards refuse all that it could do, it waits: -1. */
  private look(one: TimedActor): number {
    for (;;) {
      const arrow = this.program.prepare(one.begun, one.payload);
      if (arrow !== -1) return arrow;
      const { chooser } = one;
      if (chooser?.refused(this.nowNs)) {
        one.begun = chooser.event;
        one.payload = chooser.payload;
      } else if (this.isDelivery[one.begun] === 1) throw stuck(this.program, one);
      else {
        this.agenda.refuse(one);
        return -1;
      }
    }
  }

  /** Gives the step that was taken its times, and finds out who has a turn when. */
  private settle(one: TimedActor): void {
    const { agenda, observer } = this;
    const { starts, begun, payload } = one;
    this.payments.settle(one, ++this.steps);
    if (this.isDelivery[begun] === 1) this.mail.taken(one.actor, begun, starts);
    else one.chooser?.taken(one);
    if (observer?.step) {
      const { actor, busyUntil } = one;
      observer.step({ actor, event: begun, payload, fromNs: starts, atNs: this.nowNs, toNs: busyUntil });
    }
    agenda.touchedOthers = false;
    agenda.afterStepOf(one, this.nowNs);
    agenda.replan(one);
  }

  replan(one: TimedActor): void {
    this.agenda.replan(one);
  }

  computes(actor: number): boolean {
    return this.plans.of(actor).chooser?.computes === true;
  }

  take(one: TimedActor, event: number, atNs: number): void {
    one.begun = event;
    one.starts = atNs;
    one.payload = 0;
    one.chooser = undefined;
    const arrow = this.look(one);
    if (arrow === guardFault) this.isFaulty = true;
    if (arrow < 0) return;
    this.payments.due(one, arrow, true);
    if (this.program.commit() === Step.fault) this.isFaulty = true;
    else this.settle(one);
  }

  interrupt(one: TimedActor, atNs: number): void {
    const { begun, starts, ownNs, payload, chooser } = one;
    this.take(one, one.message, atNs);
    if (begun < 0 || !this.program.accepts(begun)) return;
    Object.assign(one, { begun, starts, ownNs, payload, chooser } satisfies Partial<TimedActor>);
  }
}

function stuck({ actors }: Runner, { actor }: TimedActor): PrecopyError {
  return new PrecopyError('INTERNAL', `the clock stands still at ${actors[actor]}`, 'please report this');
}
