import { Step } from '../compile/program.ts';
import { guardFault, type Runner } from '../compile/runner.ts';
import { PrecopyError } from '../model/errors.ts';
import { ActorTimes } from './actor-times.ts';
import type { Chooser, Environment } from './chooser.ts';
import type { Costs } from './costs.ts';
import type { Leads } from './leads.ts';
import { Mail } from './mail.ts';
import type { Meter } from './meter.ts';
import type { ClockObserver } from './observer.ts';
import { Plans } from './plans.ts';
import type { Dispatched, Processors } from './processors.ts';

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

  readonly times: ActorTimes;
  /** by actor, of the step that it has begun: its payload, who chose it, and what its first arrow costs */
  private readonly payloads: Int32Array;
  private readonly choosers: (Chooser | undefined)[];
  private readonly ownNs: Float64Array;
  /** by actor: the number of the step in which it moved last */
  private readonly lastMoved: Float64Array;
  /** by actor: whether guards have refused all that it could do, so that it has to wait for somebody else's step */
  private readonly refused: Uint8Array;
  private refusedCount = 0;
  /** by event: whether it is the delivery of a message */
  private readonly isDelivery: Uint8Array;
  private readonly plans: Plans;
  readonly mail: Mail;
  private readonly processors: Processors | undefined;
  private stopping = false;
  /** whether a step that was taken for the processors failed */
  private isFaulty = false;
  /** whether the last step changed when somebody else has a turn */
  private touchedOthers = false;

  constructor(
    readonly program: Runner,
    private readonly costs: Costs,
    private readonly leads: Leads,
    readonly meter: Meter,
    environment: Environment,
    private readonly observer: ClockObserver | undefined,
    /** who shares out processors; without it each actor has one of its own */
    processorsFor?: (clock: Dispatched) => Processors | undefined,
  ) {
    const actors = program.actors.length;
    this.times = new ActorTimes(program);
    this.payloads = new Int32Array(actors);
    this.choosers = program.actors.map(() => undefined);
    this.ownNs = new Float64Array(actors);
    this.lastMoved = new Float64Array(actors);
    this.refused = new Uint8Array(actors);
    this.isDelivery = Uint8Array.from(program.events, ({ from }) => (from === undefined ? 0 : 1));
    this.plans = new Plans(program, environment);
    this.mail = new Mail(program, costs, observer);
    this.processors = processorsFor?.(this);
    for (const actor of this.times.active) this.replan(actor);
    this.processors?.start();
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
    const { program, processors } = this;
    const { turn, begun, active } = this.times;
    const lastStep = this.steps + maxSteps;
    for (;;) {
      let actor = -1;
      let at = never;
      let next = untilNs;
      for (let n = 0; n < active.length; n++) {
        const one = turn[active[n] as number] as number;
        if (one < at) {
          if (at < next) next = at;
          at = one;
          actor = active[n] as number;
        } else if (one < next) next = one;
      }
      const sliceEnds = processors === undefined ? never : Math.max(this.nowNs, processors.nextNs);
      if (actor < 0 && sliceEnds === never) return 'deadlock';
      if (at >= untilNs && sliceEnds >= untilNs) {
        this.nowNs = untilNs;
        return 'until';
      }
      if (sliceEnds <= at) {
        this.nowNs = sliceEnds;
        processors?.endSlice(sliceEnds);
        if (this.isFaulty) return 'fault';
        continue;
      }
      if (sliceEnds < next) next = sliceEnds;
      if (at > this.nowNs) this.nowNs = at;
      if (processors !== undefined && !processors.admit(actor, this.nowNs)) {
        if (this.isFaulty) return 'fault';
        continue;
      }
      // The same actor goes on for as long as it is the earliest: most steps touch nobody else.
      do {
        if (at > this.nowNs) this.nowNs = at;
        const isNew = (begun[actor] as number) < 0;
        const arrow = isNew ? this.begin(actor, at) : this.look(actor);
        if (arrow === guardFault) return 'fault';
        if (arrow < 0) break;
        at = this.price(actor, arrow, isNew);
        if (at > this.nowNs) {
          turn[actor] = at;
          if (at >= next) break;
          this.nowNs = at;
        }
        if (program.commit() === Step.fault) return 'fault';
        this.settle(actor);
        if (processors?.stepTaken(actor, this.nowNs, program.moves.count > 1)) this.touchedOthers = true;
        if (this.isFaulty) return 'fault';
        if (this.stopping) return 'stopped';
        if (this.steps >= lastStep) return 'steps';
        at = turn[actor] as number;
      } while (at < next && !this.touchedOthers);
    }
  }

  /** The actor settles on what it does. Returns the arrow that it would take now, or -1 where it does nothing after all. */
  private begin(actor: number, at: number): number {
    const { payloads, choosers } = this;
    const { starts, takesMail, begun, turn } = this.times;
    if ((takesMail[actor] as number) <= (starts[actor] as number)) {
      starts[actor] = takesMail[actor] as number;
      begun[actor] = this.times.message[actor] as number;
      payloads[actor] = 0;
      choosers[actor] = undefined;
      return this.look(actor);
    }
    const { event, chooser } = this.plans.of(actor);
    choosers[actor] = chooser;
    if (chooser === undefined) {
      begun[actor] = event;
      payloads[actor] = 0;
    } else if (chooser.choose(at)) {
      begun[actor] = chooser.event;
      payloads[actor] = chooser.payload;
    } else {
      const later = chooser.due(at);
      if (!(later > at)) throw stuck(this.program, actor);
      starts[actor] = later;
      turn[actor] = Math.min(later, takesMail[actor] as number);
      return -1;
    }
    return this.look(actor);
  }

  /** The arrow that the step which the actor has begun would take now. Where guards refuse all that it could do, it waits: -1. */
  private look(actor: number): number {
    const { program, payloads } = this;
    const { begun } = this.times;
    for (;;) {
      const arrow = program.prepare(begun[actor] as number, payloads[actor] as number);
      if (arrow !== -1) return arrow;
      const chooser = this.choosers[actor];
      if (chooser?.refused(this.nowNs)) {
        begun[actor] = chooser.event;
        payloads[actor] = chooser.payload;
      } else if (this.isDelivery[begun[actor] as number] === 1) throw stuck(program, actor);
      else {
        this.refuse(actor);
        return -1;
      }
    }
  }

  /** When the step that the actor has begun is paid for, if it takes this arrow. */
  private price(actor: number, arrow: number, isNew: boolean): number {
    const constant = this.costs.ns[arrow] as number;
    // biome-ignore lint/suspicious/noSelfCompare: NaN marks what has to be drawn, once for a step
    if (constant === constant) this.ownNs[actor] = constant;
    else if (isNew) this.ownNs[actor] = this.costs.draw(arrow, actor);
    return (this.times.starts[actor] as number) + (this.ownNs[actor] as number) + (this.leads.ns[arrow] as number);
  }

  /** Gives the step that was taken its times, and finds out who has a turn when. */
  private settle(actor: number): void {
    const { program, costs, lastMoved, observer, processors } = this;
    const { busyUntil, begun, starts } = this.times;
    const { moves } = program;
    const { actors, arrows, senders, count } = moves;
    const { marks } = this.meter;
    const step = ++this.steps;
    const event = begun[actor] as number;
    const startNs = starts[actor] as number;
    begun[actor] = -1;
    busyUntil[actor] = startNs + (this.ownNs[actor] as number);
    lastMoved[actor] = step;
    if (marks[arrows[0] as number] !== 0) this.note(0, startNs);
    for (let n = 1; n < count; n++) {
      const mover = actors[n] as number;
      const arrow = arrows[n] as number;
      let from = busyUntil[mover] as number;
      if (costs.isRendezvous[arrow] === 1) {
        const sent = busyUntil[senders[n] as number] as number;
        if (sent > from) from = sent;
        if (lastMoved[mover] !== step) from += costs.wakeNs[arrow] as number;
        if (costs.isCall[arrow] === 1) processors?.join(mover, senders[n] as number);
      }
      lastMoved[mover] = step;
      const constant = costs.ns[arrow] as number;
      // biome-ignore lint/suspicious/noSelfCompare: NaN marks what has to be drawn
      const ns = constant === constant ? constant : costs.draw(arrow, mover);
      busyUntil[mover] = from + ns;
      if (processors !== undefined && mover !== actor) processors.moved(mover, ns);
      if (marks[arrow] !== 0) this.note(n, from);
    }
    const doneNs = busyUntil[actor] as number;
    if (observer?.step) {
      const payload = this.payloads[actor] as number;
      observer.step({ actor, event, payload, fromNs: startNs, atNs: this.nowNs, toNs: doneNs });
    }
    if (this.isDelivery[event] === 1) this.mail.taken(actor, event, startNs);
    else this.choosers[actor]?.taken(startNs, doneNs);
    this.touchedOthers = false;
    if (count > 1) this.leads.learn();
    if (moves.postedCount > 0 || this.refusedCount > 0 || count > 1) this.touch(actor);
    this.replan(actor);
  }

  /** Finds out who else has another turn than before, now that the actor has taken its step. */
  private touch(actor: number): void {
    const { moves } = this.program;
    const { actors, count, postedCount, postedTo } = moves;
    if (postedCount > 0) this.mail.post(this.times.busyUntil);
    if (this.refusedCount > 0) this.retry();
    for (let n = 1; n < count; n++) {
      const mover = actors[n] as number;
      if (mover === actor || this.times.isActive[mover] === 0) continue;
      this.times.begun[mover] = -1;
      this.replan(mover);
      this.touchedOthers = true;
    }
    for (let n = 0; n < postedCount; n++) {
      const to = postedTo[n] as number;
      if ((this.times.begun[to] as number) < 0 || this.processors?.isQueued(to)) this.replan(to);
      this.touchedOthers = true;
    }
  }

  private note(move: number, fromNs: number): void {
    const { actors, arrows, senders } = this.program.moves;
    const sender = senders[move] as number;
    const sentNs = this.times.busyUntil[sender] as number;
    this.meter.note(arrows[move] as number, actors[move] as number, sender, fromNs, sentNs);
  }

  /** When the actor begins its next step by itself, and when it begins to take a message. */
  replan(actor: number): void {
    const { busyUntil, begun, starts, takesMail, message, turn } = this.times;
    const only = this.processors?.takesOnly(actor);
    const ready = busyUntil[actor] as number;
    const arrives = this.mail.arrives(actor, only, message);
    const takes = arrives > ready ? arrives : ready;
    takesMail[actor] = takes;
    if (only !== undefined) {
      // It goes on by itself once it has a processor; a step that it has begun waits for that.
      if ((begun[actor] as number) < 0) starts[actor] = never;
      turn[actor] = takes;
      return;
    }
    const { event, chooser } = this.plans.of(actor);
    const start = chooser !== undefined ? chooser.due(ready) : event < 0 ? never : ready;
    starts[actor] = start;
    turn[actor] = takes < start ? takes : start;
  }

  computes(actor: number): boolean {
    return this.plans.of(actor).chooser?.computes === true;
  }

  take(actor: number, event: number, atNs: number): void {
    this.times.begun[actor] = event;
    this.times.starts[actor] = atNs;
    this.payloads[actor] = 0;
    this.choosers[actor] = undefined;
    const arrow = this.look(actor);
    if (arrow === guardFault) this.isFaulty = true;
    if (arrow < 0) return;
    this.price(actor, arrow, true);
    if (this.program.commit() === Step.fault) this.isFaulty = true;
    else this.settle(actor);
  }

  interrupt(actor: number, atNs: number): void {
    const { begun, starts, message } = this.times;
    const event = begun[actor] as number;
    const startNs = starts[actor] as number;
    const ownNs = this.ownNs[actor] as number;
    const payload = this.payloads[actor] as number;
    const chooser = this.choosers[actor];
    this.take(actor, message[actor] as number, atNs);
    if (event < 0 || !this.program.accepts(event)) return;
    begun[actor] = event;
    starts[actor] = startNs;
    this.ownNs[actor] = ownNs;
    this.payloads[actor] = payload;
    this.choosers[actor] = chooser;
  }

  /** Guards have refused all that the actor could do: it waits until somebody else has taken a step. */
  private refuse(actor: number): void {
    const { begun, starts, turn, takesMail } = this.times;
    begun[actor] = -1;
    starts[actor] = never;
    turn[actor] = takesMail[actor] as number;
    if (this.refused[actor] === 0) this.refusedCount++;
    this.refused[actor] = 1;
  }

  private retry(): void {
    for (let actor = 0; actor < this.refused.length; actor++) {
      if (this.refused[actor] === 0) continue;
      this.refused[actor] = 0;
      this.times.busyUntil[actor] = Math.max(this.times.busyUntil[actor] as number, this.nowNs);
      this.replan(actor);
    }
    this.refusedCount = 0;
    this.touchedOthers = true;
  }
}

function stuck({ actors }: Runner, actor: number): PrecopyError {
  return new PrecopyError('INTERNAL', `the clock stands still at ${actors[actor]}`, 'please report this');
}
