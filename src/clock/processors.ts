import type { Runner } from '../compile/runner.ts';
import type { ActorTimes } from './actor-times.ts';
import type { Gauges } from './gauges.ts';
import type { Mail } from './mail.ts';
import type { Meter } from './meter.ts';

const never = Number.POSITIVE_INFINITY;

/** How threads share processors. */
export interface ProcessorSettings {
  /** how many there are */
  readonly count: number;
  /** how long a thread runs at most while another one waits */
  readonly sliceNs: number;
  /** whether a slice ends also while the lock is held or spun for: where processors are virtual themselves, or the lock sleeps (PREEMPT_RT) */
  readonly preemptLocks: boolean;
}

/** What processors need of the clock that they are for. */
export interface Dispatched {
  readonly times: ActorTimes;
  readonly program: Runner;
  readonly meter: Meter;
  readonly mail: Mail;
  /** finds out anew when an actor goes on */
  replan(actor: number): void;
  /** whether an actor computes until it goes on, and does not sleep */
  computes(actor: number): boolean;
  /** an actor takes an event at once */
  take(actor: number, event: number, atNs: number): void;
}

const State = { asleep: 0, running: 1, queued: 2 } as const;

/**
 * Physical processors that threads share: the vCPUs, and those who call ioctls. One queue for all, first come, first served; a thread that others
 * wait for is pushed aside at the end of its slice, and by one that wakes up, as the kernel favours those that slept. An actor that is called
 * runs in the thread of its caller. A vCPU that loses its processor in the guest exits first (`PREEMPT`). A spinlock disables preemption in
 * Linux, and so does the wait for a flush, so who holds `mmu_lock` or spins gives its processor up only afterwards, unless `preemptLocks`.
 */
export class Processors {
  /** how often a thread was pushed aside, and how often while it held the lock */
  preemptions = 0;
  holderPreemptions = 0;
  /** by actor: its thread, which has the number of one of its actors */
  private readonly threads: Int32Array;
  /** by thread */
  private readonly states: Uint8Array;
  private readonly sliceEnds: Float64Array;
  private readonly since: Float64Array;
  private readonly mustYield: Uint8Array;
  private readonly running: number[] = [];
  private readonly queue: number[] = [];
  /** by actor: the event with which it leaves the guest, and that of its next step; -1 where it has none */
  private readonly exits: readonly number[];
  private readonly steps: readonly number[];
  private readonly isInterrupt: Uint8Array;

  constructor(
    private readonly settings: ProcessorSettings,
    private readonly switchNs: number,
    private readonly gauges: Gauges['processors'],
    private readonly clock: Dispatched,
  ) {
    const { events, actors } = clock.program;
    this.threads = Int32Array.from(actors, (_, actor) => actor);
    this.states = new Uint8Array(actors.length);
    this.sliceEnds = new Float64Array(actors.length).fill(never);
    this.since = new Float64Array(actors.length);
    this.mustYield = new Uint8Array(actors.length);
    const eventOf = (type: string) => (_: string, actor: number) =>
      events.find((event) => event.actor === actor && event.type === type && event.domain > 0)?.id ?? -1;
    this.exits = actors.map(eventOf(gauges.preempt));
    this.steps = actors.map(eventOf('STEP'));
    this.isInterrupt = Uint8Array.from(events, ({ type, from }) =>
      from !== undefined && gauges.interrupts.includes(type) ? 1 : 0,
    );
  }

  /** Gives the processors to the first of those that compute; the others wait. */
  start(): void {
    this.clock.program.actors.forEach((_, actor) => {
      if (!this.clock.computes(actor)) return;
      if (this.running.length < this.settings.count) this.dispatch(actor, -this.switchNs);
      else {
        this.leaveGuest(actor, 0);
        this.suspend(actor, 0);
        this.queue.push(actor);
      }
    });
  }

  /** When a slice ends that somebody waits for. */
  get nextNs(): number {
    if (this.queue.length === 0) return never;
    return this.running.reduce((least, thread) => Math.min(least, this.sliceEnds[thread] as number), never);
  }

  /** The slice that ends first is over. */
  endSlice(atNs: number): void {
    const thread = this.running.find((one) => (this.sliceEnds[one] as number) <= atNs) as number;
    this.push(thread, atNs);
  }

  /** Whether an actor may go on now whose turn it is. If not, its thread has just woken up. */
  admit(actor: number, atNs: number): boolean {
    const { times, mail } = this.clock;
    const thread = this.threads[actor] as number;
    if (this.states[thread] === State.running) return true;
    const byMail = (times.takesMail[actor] as number) <= (times.starts[actor] as number);
    if (byMail && this.isInterrupt[mail.next(actor)] === 1) return true;
    this.suspend(thread, atNs);
    if (this.running.length < this.settings.count) {
      this.dispatch(thread, atNs);
      return false;
    }
    this.queue.unshift(thread);
    const byAge = [...this.running].sort((a, b) => (this.since[a] as number) - (this.since[b] as number));
    // The step that wakes a thread may grant it the lock, too early: then those who spin for it make way.
    const isUrgent = this.actorsOf(thread).some((one) => this.clock.meter.holds(one));
    this.push(byAge.find((one) => this.mayPush(one)) ?? (byAge[0] as number), atNs, isUrgent);
    return false;
  }

  /** An actor was called by another one: both are one thread. */
  join(callee: number, caller: number): void {
    this.threads[callee] = this.threads[caller] as number;
  }

  /** An actor has taken a step. Returns whether its thread has lost its processor by it. */
  stepTaken(actor: number, nowNs: number): boolean {
    const thread = this.threads[actor] as number;
    if (this.states[thread] !== State.running) {
      // an interrupt, which ran on the processor of somebody else
      this.since[thread] = Math.max(this.since[thread] as number, this.clock.times.busyUntil[actor] as number);
      return true;
    }
    const atNs = Math.max(nowNs, this.clock.times.busyUntil[actor] as number);
    if (this.mustYield[thread] === 1 && this.mayPush(thread)) this.push(thread, atNs);
    else if (this.sleeps(thread)) {
      this.leave(thread, State.asleep);
      this.dispatchNext(atNs);
    } else return false;
    return true;
  }

  /** When an actor without a processor has a turn: to take an interrupt, or, where its thread sleeps, to wake up. */
  turnOf(actor: number, turnNs: number): number {
    const { times, mail } = this.clock;
    if (this.states[this.threads[actor] as number] !== State.queued) return turnNs;
    const arrives = times.takesMail[actor] as number;
    return arrives < never && this.isInterrupt[mail.next(actor)] === 1 ? arrives : never;
  }

  private mayPush(thread: number): boolean {
    return this.settings.preemptLocks || !this.actorsOf(thread).some((actor) => this.isAtLock(actor));
  }

  private isAtLock(actor: number): boolean {
    const { meter, program } = this.clock;
    const { spins } = this.gauges;
    return meter.isAtLock(actor) || spins.some((type) => program.takes(actor, type)) || this.hasInterruptsOff(actor);
  }

  /** A vCPU between the guest and the host. */
  private hasInterruptsOff(actor: number): boolean {
    const { program } = this.clock;
    return (this.exits[actor] as number) >= 0 && !this.gauges.interrupts.some((type) => program.takes(actor, type));
  }

  /** Takes its processor from a thread, or has it give it up as soon as it may. */
  private push(thread: number, atNs: number, isUrgent = false): void {
    this.sliceEnds[thread] = never;
    if (!isUrgent && !this.mayPush(thread)) {
      this.mustYield[thread] = 1;
      return;
    }
    const actors = this.actorsOf(thread);
    this.preemptions++;
    if (actors.some((actor) => this.clock.meter.holds(actor))) this.holderPreemptions++;
    let freeNs = atNs;
    for (const actor of actors) freeNs = Math.max(freeNs, this.leaveGuest(actor, atNs));
    this.leave(thread, State.queued);
    this.suspend(thread, freeNs);
    this.dispatchNext(freeNs);
    this.queue.push(thread);
  }

  /** A vCPU in the guest exits. Returns when it is out. */
  private leaveGuest(actor: number, atNs: number): number {
    const { program, times } = this.clock;
    const exit = this.exits[actor] as number;
    if (exit < 0 || !program.accepts(exit)) return atNs;
    this.clock.take(actor, exit, Math.max(atNs, times.busyUntil[actor] as number));
    while (this.hasInterruptsOff(actor))
      this.clock.take(actor, this.steps[actor] as number, times.busyUntil[actor] as number);
    return times.busyUntil[actor] as number;
  }

  private leave(thread: number, state: (typeof State)[keyof typeof State]): void {
    this.running.splice(this.running.indexOf(thread), 1);
    this.states[thread] = state;
    this.mustYield[thread] = 0;
  }

  /** A thread has no processor from now on, and wants one. */
  private suspend(thread: number, atNs: number): void {
    const { times } = this.clock;
    this.states[thread] = State.queued;
    this.since[thread] = atNs;
    for (const actor of this.actorsOf(thread)) times.turn[actor] = this.turnOf(actor, never);
  }

  private dispatchNext(atNs: number): void {
    const thread = this.queue.shift();
    if (thread !== undefined) this.dispatch(thread, atNs);
  }

  /** A thread gets a processor: what it had begun goes on from where it was. */
  private dispatch(thread: number, freeNs: number): void {
    const { times } = this.clock;
    const { begun, starts, busyUntil, turn } = times;
    const offNs = this.since[thread] as number;
    const fromNs = Math.max(freeNs, offNs) + this.switchNs;
    this.running.push(thread);
    this.states[thread] = State.running;
    this.since[thread] = fromNs;
    this.sliceEnds[thread] = fromNs + this.settings.sliceNs;
    for (const actor of this.actorsOf(thread)) {
      if ((begun[actor] as number) >= 0) {
        starts[actor] = (starts[actor] as number) + Math.max(0, fromNs - offNs);
        turn[actor] = fromNs;
        continue;
      }
      const unpaid = Math.max(0, (busyUntil[actor] as number) - offNs);
      busyUntil[actor] = Math.max(busyUntil[actor] as number, fromNs + unpaid);
      this.clock.replan(actor);
    }
  }

  /** Whether no actor of a thread has anything to do now. */
  private sleeps(thread: number): boolean {
    const { times, program, computes } = this.clock;
    return this.actorsOf(thread).every((actor) => {
      if ((times.begun[actor] as number) >= 0) return false;
      const ready = times.busyUntil[actor] as number;
      if ((times.turn[actor] as number) <= ready || computes.call(this.clock, actor)) return false;
      return !this.gauges.spins.some((type) => program.takes(actor, type));
    });
  }

  private actorsOf(thread: number): number[] {
    const { active } = this.clock.times;
    return [...active].filter((actor) => this.threads[actor] === thread);
  }
}
