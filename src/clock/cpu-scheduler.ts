import type { MetricDefinitions } from '../simulate/kvm-metrics.ts';
import { findOwnEvent } from '../simulate/kvm-policies.ts';
import type { ActorTiming } from './actor-timing.ts';
import { OsThreads, type SimulatorView } from './os-threads.ts';

const never = Number.POSITIVE_INFINITY;

/** How threads share processors. */
export interface ProcessorSettings {
  /** how many there are */
  readonly count: number;
  /** how long a thread runs at most while another one waits */
  readonly sliceNs: number;
  /** whether a slice ends also while the lock is held or spun for: where processors are virtual themselves, or the lock sleeps (PREEMPT_RT) */
  readonly preemptLocks: boolean;
  /** by the name of an actor: the processor that its thread keeps to (sched_setaffinity); others run on any */
  readonly affinity?: Readonly<Record<string, number>>;
}

/** What processors need of the clock that they are for. */
export interface SchedulableSimulator extends SimulatorView {
  /** finds out anew when an actor goes on */
  replan(one: ActorTiming): void;
  /** an actor takes an event at once */
  take(one: ActorTiming, event: number, atNs: number): void;
  /** an actor takes its first message, an interrupt, at once; a step that it had begun stays begun */
  interrupt(one: ActorTiming, atNs: number): void;
}

const State = { asleep: 0, running: 1, queued: 2 } as const;

/**
 * Physical processors that threads share: the vCPUs, and those who call ioctls. One queue for all, first come, first served, as far as threads do not keep to processors; a thread that others
 * wait for is pushed aside at the end of its slice, and by one that wakes up, as the kernel favours those that slept. An actor that is called
 * runs in the thread of its caller. A vCPU that loses its processor in the guest exits first (`PREEMPT`). A spinlock disables preemption in
 * Linux, and so does the wait for a flush, so who holds `mmu_lock` or spins gives its processor up only afterwards, unless `preemptLocks`.
 *
 * A step may grant the lock to a thread without a processor: the step that ends a grace period takes GET_DIRTY_LOG up to `mmu_lock`. In Linux
 * it would run before it asks. So whoever holds the lock gets a processor at once, and pushes aside even who spins for it.
 */
export class CpuScheduler {
  /** how often a thread was pushed aside, and how often while it held the lock */
  preemptions = 0;
  holderPreemptions = 0;
  private readonly threads: OsThreads;
  /** by thread; `since`: when it got its processor, or lost it */
  private readonly states: Uint8Array;
  /** by thread: the processor that it keeps to, or -1, and the one that it got last */
  private readonly keepsTo: Int32Array;
  private readonly runsOn: Int32Array;
  private readonly sliceEnds: Float64Array;
  private readonly since: Float64Array;
  private readonly mustYield: Uint8Array;
  private readonly running: number[] = [];
  private readonly queue: number[] = [];
  /** by actor of a thread without a processor: how much is left of what it was busy with */
  private readonly unpaidNs: Float64Array;

  constructor(
    private readonly settings: ProcessorSettings,
    private readonly switchNs: number,
    gauges: MetricDefinitions['processors'],
    private readonly clock: SchedulableSimulator,
  ) {
    const names = clock.program.actors;
    const actors = names.length;
    this.keepsTo = Int32Array.from(names, (name) => settings.affinity?.[name] ?? -1);
    this.runsOn = new Int32Array(actors);
    this.threads = new OsThreads(clock, gauges);
    this.states = new Uint8Array(actors);
    this.sliceEnds = new Float64Array(actors).fill(never);
    this.since = new Float64Array(actors);
    this.mustYield = new Uint8Array(actors);
    this.unpaidNs = new Float64Array(actors);
  }

  /** Gives the processors to the first of those that compute; the others wait. */
  start(): void {
    this.clock.program.actors.forEach((_, actor) => {
      if (!this.clock.computes(actor)) return;
      const processor = this.freeFor(actor);
      if (processor >= 0) this.dispatch(actor, -this.switchNs, processor);
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
    const endOf = (thread: number): number => (this.isWaitedFor(thread) ? this.sliceEnds[thread] : never);
    return this.running.reduce((least, thread) => Math.min(least, endOf(thread)), never);
  }

  /** The slice that ends first is over. */
  endSlice(atNs: number): void {
    const isOver = (one: number): boolean => this.sliceEnds[one] <= atNs && this.isWaitedFor(one);
    const thread = this.running.find(isOver) as number;
    if (this.isPreemptible(thread)) this.preempt(thread, atNs);
    else this.deferPreemption(thread);
  }

  /** Which messages an actor takes where its thread is now, by the number of the event of delivery: without a processor, interrupts only. */
  takesOnly(actor: number): Uint8Array | undefined {
    return this.isQueued(actor) ? this.threads.isInterrupt : undefined;
  }

  /** Whether an actor wants to go on and has no processor. */
  isQueued(actor: number): boolean {
    return this.states[this.threads.of(actor)] === State.queued;
  }

  /** Whether an actor whose turn it is has a processor. If not, it has taken an interrupt, or its thread has just woken up. */
  admit(actor: number, atNs: number): boolean {
    const one = this.clock.actors[actor];
    const thread = this.threads.of(actor);
    if (this.states[thread] === State.running) return true;
    const isByMail = one.takesMail <= one.startNs;
    if (this.isQueued(actor) || (isByMail && this.threads.isInterrupt[one.message] === 1)) {
      this.clock.interrupt(one, atNs);
      return false;
    }
    this.suspend(thread, atNs);
    const processor = this.freeFor(thread);
    if (processor >= 0) {
      this.dispatch(thread, atNs, processor);
      return false;
    }
    this.queue.unshift(thread);
    if (!this.dispatchLockHolder(atNs)) {
      const inTheWay = this.running.filter((one) => this.mayRunOn(thread, this.runsOn[one]));
      const byAge = inTheWay.sort((a, b) => this.since[a] - this.since[b]);
      const other = byAge.find((one) => this.isPreemptible(one));
      if (other !== undefined) this.preempt(other, atNs);
      else this.deferPreemption(byAge[0]);
    }
    return false;
  }

  /** An actor was called by another one: both are one thread. */
  join(callee: number, caller: number): void {
    this.threads.join(callee, caller);
  }

  /** Somebody else's step had an actor do something: it pays for that once it has a processor. */
  moved(actor: number, ns: number): void {
    if (this.isQueued(actor)) this.unpaidNs[actor] = this.unpaidNs[actor] + ns;
  }

  /** An actor has taken a step, and others with it. Returns whether a thread has lost or got a processor by it. */
  stepTaken(actor: number, nowNs: number, withOthers: boolean): boolean {
    const thread = this.threads.of(actor);
    const atNs = Math.max(nowNs, this.clock.actors[actor].busyUntil);
    if (this.threads.sleeps(thread)) {
      this.leave(thread, State.asleep);
      this.dispatchNext(atNs, this.runsOn[thread]);
      return true;
    }
    if (withOthers && this.dispatchLockHolder(nowNs)) return true;
    if (this.mustYield[thread] === 0 || !this.isPreemptible(thread)) return false;
    this.mustYield[thread] = 0;
    this.sliceEnds[thread] = atNs;
    if (!this.isWaitedFor(thread)) return false;
    this.preempt(thread, atNs);
    return true;
  }

  private mayRunOn(thread: number, processor: number): boolean {
    const keepsTo = this.keepsTo[thread];
    return keepsTo < 0 || keepsTo === processor;
  }

  /** A processor without a thread that this one may run on, or -1. */
  private freeFor(thread: number): number {
    for (let processor = 0; processor < this.settings.count; processor++) {
      const isFree = this.running.every((one) => this.runsOn[one] !== processor);
      if (isFree && this.mayRunOn(thread, processor)) return processor;
    }
    return -1;
  }

  /** Whether another thread waits that may have its processor. */
  private isWaitedFor(thread: number): boolean {
    return this.queue.some((one) => this.mayRunOn(one, this.runsOn[thread]));
  }

  private isPreemptible(thread: number): boolean {
    return this.settings.preemptLocks || !this.threads.isNonPreemptible(thread);
  }

  private deferPreemption(thread: number): void {
    this.sliceEnds[thread] = never;
    this.mustYield[thread] = 1;
  }

  /** Gives a processor to a thread that holds the lock and has none. Returns false where there is no such thread, or nobody to make way. */
  private dispatchLockHolder(atNs: number): boolean {
    if (this.settings.preemptLocks) return false;
    const place = this.queue.findIndex((thread) => this.threads.holdsLock(thread));
    if (place < 0) return false;
    const holder = this.queue[place];
    const inTheWay = this.running.filter((one) => this.mayRunOn(holder, this.runsOn[one]));
    const other =
      inTheWay.find((one) => this.isPreemptible(one)) ?? inTheWay.find((one) => this.threads.spinsForLock(one));
    if (other === undefined) return false;
    this.queue.unshift(...this.queue.splice(place, 1));
    this.preempt(other, atNs);
    return true;
  }

  /** Takes its processor from a thread, for the first in the queue. */
  private preempt(thread: number, atNs: number): void {
    const actors = this.threads.actorsOf(thread);
    this.preemptions++;
    if (this.threads.holdsLock(thread)) this.holderPreemptions++;
    let freeNs = atNs;
    for (const actor of actors) freeNs = Math.max(freeNs, this.leaveGuest(actor, atNs));
    this.leave(thread, State.queued);
    this.suspend(thread, freeNs);
    this.dispatchNext(freeNs, this.runsOn[thread]);
    this.queue.push(thread);
  }

  /** A vCPU in the guest exits. Returns when it is out. */
  private leaveGuest(actor: number, atNs: number): number {
    const { program, actors } = this.clock;
    const exit = this.threads.exits[actor];
    if (exit < 0 || !program.accepts(exit)) return atNs;
    const one = actors[actor];
    this.clock.take(one, exit, Math.max(atNs, one.busyUntil));
    const step = findOwnEvent(program, actor, 'STEP');
    while (this.threads.hasInterruptsOff(actor)) this.clock.take(one, step, one.busyUntil);
    return one.busyUntil;
  }

  private leave(thread: number, state: (typeof State)[keyof typeof State]): void {
    this.running.splice(this.running.indexOf(thread), 1);
    this.states[thread] = state;
    this.mustYield[thread] = 0;
  }

  /** A thread has no processor from now on, and wants one. */
  private suspend(thread: number, atNs: number): void {
    this.states[thread] = State.queued;
    this.since[thread] = atNs;
    for (const actor of this.threads.actorsOf(thread)) {
      const one = this.clock.actors[actor];
      this.unpaidNs[actor] = Math.max(0, one.busyUntil - atNs);
      this.clock.replan(one);
    }
  }

  private dispatchNext(atNs: number, processor: number): void {
    const place = this.queue.findIndex((thread) => this.mayRunOn(thread, processor));
    if (place < 0) return;
    const [thread] = this.queue.splice(place, 1);
    this.dispatch(thread as number, atNs, processor);
  }

  /** A thread gets a processor: what it had begun goes on from where it was. */
  private dispatch(thread: number, freeNs: number, processor: number): void {
    const offNs = this.since[thread];
    const fromNs = Math.max(freeNs, offNs) + this.switchNs;
    this.running.push(thread);
    this.runsOn[thread] = processor;
    this.states[thread] = State.running;
    this.since[thread] = fromNs;
    this.sliceEnds[thread] = fromNs + this.settings.sliceNs;
    for (const actor of this.threads.actorsOf(thread)) {
      const one = this.clock.actors[actor];
      if (one.pendingEvent >= 0) {
        one.startNs += Math.max(0, fromNs - offNs);
        one.nextTurnNs = fromNs;
        continue;
      }
      one.busyUntil = Math.max(one.busyUntil, fromNs + this.unpaidNs[actor]);
      this.clock.replan(one);
    }
  }
}
