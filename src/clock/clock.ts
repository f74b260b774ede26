import { type Program, Step } from '../compile/program.ts';
import type { Counter } from '../model/cells.ts';
import { PrecopyError } from '../model/errors.ts';
import type { Chooser, Environment } from './chooser.ts';
import type { Costs } from './costs.ts';
import type { Meter } from './meter.ts';
import type { ClockObserver } from './observer.ts';

const never = Number.POSITIVE_INFINITY;

/** What an actor does by itself in one of its states. */
type Plan = { readonly kind: 'wait' } | { readonly kind: 'step'; readonly event: number } | Chosen;
interface Chosen {
  readonly kind: 'chosen';
  readonly chooser: Chooser;
}

/** A posted message on its way, or waiting to be taken. */
interface Delivery {
  readonly event: number;
  readonly arrivesNs: number;
}

/** Why a run of the clock came back. */
export type Halt = 'until' | 'stopped' | 'steps' | 'fault' | 'deadlock';

/**
 * Runs a Program under a clock. Each actor has a time of its own, up to which it is busy. The one that can go on earliest takes its next step,
 * which costs what the profile says for the transitions that it takes. A rendezvous takes place when both are ready: a receiver that was
 * ahead keeps its time, and one that was behind, because it waited, gets that of the sender. A posted message arrives after its latency.
 *
 * So waiting for a lock needs no code here: the machine of the lock grants when it grants, and the time of whoever waits moves on to then.
 */
export class Clock {
  /** the time of the step that is taken now; it never goes back */
  nowNs = 0;
  steps = 0;

  /** by actor: it is busy until then */
  private readonly busyUntil: Float64Array;
  /** by actor: when it takes its next step by itself, or never */
  private readonly due: Float64Array;
  /** by actor: when it can take the first of the messages in its mailbox */
  private readonly deliverable: Float64Array;
  private readonly deliveries: Delivery[][];
  /** by actor: whether a guard has refused its only step, so that it has to wait for somebody else's */
  private readonly refused: Uint8Array;
  private refusedCount = 0;
  /** by actor and leaf */
  private readonly plans: readonly (Plan | undefined)[][];
  private readonly locations: readonly Counter[];
  /** by type, sender and receiver: the number of the event of delivery */
  private readonly deliveryEvents = new Map<string, Int32Array>();
  private stopping = false;

  constructor(
    private readonly program: Program,
    private readonly costs: Costs,
    private readonly meter: Meter,
    private readonly environment: Environment,
    private readonly observer: ClockObserver | undefined,
  ) {
    const actors = program.actors.length;
    this.busyUntil = new Float64Array(actors);
    this.due = new Float64Array(actors);
    this.deliverable = new Float64Array(actors).fill(never);
    this.deliveries = program.actors.map(() => []);
    this.refused = new Uint8Array(actors);
    this.plans = program.instance.actors.map(({ leaves }) => leaves.map(() => undefined));
    this.locations = program.instance.actors.map(({ location }) => location);
    for (const { id, type, from, actor } of program.events) {
      if (from === undefined) continue;
      const table = this.deliveryEvents.get(type) ?? new Int32Array(actors * actors).fill(-1);
      this.deliveryEvents.set(type, table);
      table[from * actors + actor] = id;
    }
    for (let actor = 0; actor < actors; actor++) this.replan(actor);
  }

  /** Ends `run` after the step that is under way. */
  stop(): void {
    this.stopping = true;
  }

  /**
   * Takes steps until no step is left before `untilNs`, or `maxSteps` were taken, or somebody called `stop`.
   * @throws PrecopyError `BAD_DESIGN` where an actor has a choice that nobody makes
   */
  run(untilNs: number, maxSteps: number): Halt {
    this.stopping = false;
    const { due, deliverable } = this;
    const actors = due.length;
    const lastStep = this.steps + maxSteps;
    for (;;) {
      let actor = -1;
      let at = never;
      let next = never;
      for (let n = 0; n < actors; n++) {
        const own = due[n] as number;
        const other = deliverable[n] as number;
        const ready = own < other ? own : other;
        if (ready < at) {
          next = at;
          at = ready;
          actor = n;
        } else if (ready < next) next = ready;
      }
      if (actor < 0) return 'deadlock';
      // The same actor goes on for as long as it is the earliest: most steps touch nobody else.
      do {
        if (at >= untilNs) {
          this.nowNs = untilNs;
          return 'until';
        }
        this.nowNs = at;
        const isDelivery = (deliverable[actor] as number) <= (due[actor] as number);
        if (isDelivery ? this.deliver(actor, at) : this.proceed(actor, at)) return 'fault';
        if (this.stopping) return 'stopped';
        if (this.steps >= lastStep) return 'steps';
        const own = due[actor] as number;
        const other = deliverable[actor] as number;
        at = own < other ? own : other;
      } while (at < next && !this.touchedOthers);
    }
  }

  /** whether the last step changed when somebody else is ready */
  private touchedOthers = false;

  /** The actor takes a step by itself; true after a fault. */
  private proceed(actor: number, at: number): boolean {
    const { program } = this;
    const plan = this.planOf(actor);
    if (plan.kind === 'step') {
      const outcome = program.step(plan.event, 0);
      if (outcome === Step.refused) this.refuse(actor);
      else if (outcome === Step.fault) return true;
      else this.settle(actor, at, plan.event, 0);
      return false;
    }
    const { chooser } = plan as Chosen;
    this.touchedOthers = false;
    if (!chooser.choose(at)) {
      const later = chooser.due(at);
      if (!(later > at)) throw stuck(program, actor);
      this.due[actor] = later;
      return false;
    }
    for (;;) {
      const outcome = program.step(chooser.event, chooser.payload);
      if (outcome === Step.fault) return true;
      if (outcome === Step.taken) {
        this.settle(actor, at, chooser.event, chooser.payload, chooser);
        return false;
      }
      if (!chooser.refused(at)) {
        this.refuse(actor);
        return false;
      }
    }
  }

  /** The actor takes the message that came first of those that it takes where it is. */
  private deliver(actor: number, at: number): boolean {
    const { program } = this;
    const waiting = this.deliveries[actor] as Delivery[];
    const n = this.firstDelivery(actor);
    const { event } = waiting[n] as Delivery;
    waiting.splice(n, 1);
    const outcome = program.step(event, 0);
    if (outcome === Step.fault) return true;
    if (outcome === Step.refused) throw stuck(program, actor);
    this.settle(actor, at, event, 0);
    const { type, from } = program.events[event] as Program['events'][number];
    this.observer?.messageTaken?.(type, from as number, actor, at);
    return false;
  }

  /** Gives the step that was taken its time, and finds out who is ready when. */
  private settle(actor: number, at: number, event: number, payload: number, chooser?: Chooser): void {
    const { program, costs, busyUntil, meter } = this;
    const { moves } = program;
    const { actors, arrows, senders, count } = moves;
    const { marks } = meter;
    this.steps++;
    let others = false;
    for (let n = 0; n < count; n++) {
      const mover = actors[n] as number;
      const arrow = arrows[n] as number;
      let from = n === 0 ? at : (busyUntil[mover] as number);
      if (n > 0 && costs.isRendezvous[arrow] === 1) {
        const sent = busyUntil[senders[n] as number] as number;
        if (sent > from) from = sent;
        if (mover !== actor) from += costs.wakeNs[arrow] as number;
      }
      const constant = costs.ns[arrow] as number;
      // biome-ignore lint/suspicious/noSelfCompare: NaN marks what has to be drawn
      const to = from + (constant === constant ? constant : costs.draw(arrow, mover));
      busyUntil[mover] = to;
      if (mover !== actor) others = true;
      if (marks[arrow] !== 0)
        meter.note(arrow, mover, senders[n] as number, from, busyUntil[senders[n] as number] as number);
    }
    if (this.observer?.step)
      this.observer.step({ actor, event, payload, fromNs: at, toNs: busyUntil[actor] as number });
    if (moves.postedCount > 0) {
      this.post();
      others = true;
    }
    chooser?.taken(at, busyUntil[actor] as number);
    if (this.refusedCount > 0) {
      this.retry();
      others = true;
    }
    this.touchedOthers = others;
    if (others) {
      for (let n = 0; n < count; n++) if (actors[n] !== actor) this.replan(actors[n] as number);
      for (let n = 0; n < moves.postedCount; n++) this.expect(moves.postedTo[n] as number);
    }
    this.replan(actor);
  }

  /** When the actor is ready again, and for what. */
  private replan(actor: number): void {
    const ready = this.busyUntil[actor] as number;
    const plan = this.planOf(actor);
    this.due[actor] = plan.kind === 'step' ? ready : plan.kind === 'wait' ? never : plan.chooser.due(ready);
    if ((this.deliveries[actor] as Delivery[]).length > 0) this.expect(actor);
    else this.deliverable[actor] = never;
  }

  private planOf(actor: number): Plan {
    const plans = this.plans[actor] as (Plan | undefined)[];
    const leaf = (this.locations[actor] as Counter).get();
    plans[leaf] ??= this.planFor(actor, this.program.offers(actor));
    return plans[leaf];
  }

  private planFor(actor: number, offers: Int32Array): Plan {
    if (offers.length === 0) return { kind: 'wait' };
    const types = [...offers].map((event) => this.program.events[event]?.type as string);
    const chooser = this.environment(actor, types);
    if (chooser) return { kind: 'chosen', chooser };
    const step = types.indexOf('STEP');
    if (step >= 0) return { kind: 'step', event: offers[step] as number };
    throw new PrecopyError(
      'BAD_DESIGN',
      `nobody chooses for ${this.program.actors[actor]} between ${types.join(', ')}`,
      'the clock knows the events of the shipped machines; a new one needs a chooser',
    );
  }

  /** Puts the messages that the last step posted on their way. */
  private post(): void {
    const { moves } = this.program;
    const actors = this.busyUntil.length;
    for (let n = 0; n < moves.postedCount; n++) {
      const type = moves.postedTypes[n] as string;
      const from = moves.postedFrom[n] as number;
      const to = moves.postedTo[n] as number;
      const sentNs = this.busyUntil[from] as number;
      const arrivesNs = sentNs + this.costs.latencyNs(type, from);
      const event = (this.deliveryEvents.get(type) as Int32Array)[from * actors + to] as number;
      (this.deliveries[to] as Delivery[]).push({ event, arrivesNs });
      this.observer?.messageSent?.(type, from, to, sentNs, arrivesNs);
    }
  }

  /** Finds out when the actor can take the first message that it takes where it is. */
  private expect(actor: number): void {
    const n = this.firstDelivery(actor);
    if (n < 0) this.deliverable[actor] = never;
    else {
      const { arrivesNs } = (this.deliveries[actor] as Delivery[])[n] as Delivery;
      this.deliverable[actor] = Math.max(this.busyUntil[actor] as number, arrivesNs);
    }
  }

  private firstDelivery(actor: number): number {
    const waiting = this.deliveries[actor] as Delivery[];
    let first = -1;
    for (let n = 0; n < waiting.length; n++) {
      const { event, arrivesNs } = waiting[n] as Delivery;
      if (!this.program.accepts(event)) continue;
      if (first < 0 || arrivesNs < (waiting[first] as Delivery).arrivesNs) first = n;
    }
    return first;
  }

  /** Guards have refused all that the actor could do: it waits until somebody else has taken a step. */
  private refuse(actor: number): void {
    this.due[actor] = never;
    if (this.refused[actor] === 0) this.refusedCount++;
    this.refused[actor] = 1;
    this.touchedOthers = true;
  }

  private retry(): void {
    for (let actor = 0; actor < this.refused.length; actor++) {
      if (this.refused[actor] === 0) continue;
      this.refused[actor] = 0;
      this.busyUntil[actor] = Math.max(this.busyUntil[actor] as number, this.nowNs);
      this.replan(actor);
    }
    this.refusedCount = 0;
  }
}

function stuck(program: Program, actor: number): PrecopyError {
  return new PrecopyError('INTERNAL', `the clock stands still at ${program.actors[actor]}`, 'please report this');
}
