import { type ActorTiming, never } from './actor-timing.ts';
import { OsThreads, type SchedulingDefinitions, type SimulatorView } from './os-threads.ts';
import { findStepEvent } from './spontaneous-actions.ts';

/** Processors that threads share. */
export interface ProcessorSettings {
  /** number of processors */
  readonly count: number;
  /** time after which a thread is preempted if another one waits */
  readonly sliceNs: number;
  /**
   * true if a thread may also be preempted while it holds the lock or spins for it: on virtual processors, or where the
   * lock sleeps (PREEMPT_RT)
   */
  readonly preemptLocks: boolean;
  /** by name of an actor: the only processor that its thread runs on (sched_setaffinity); other threads run on any */
  readonly affinity?: Readonly<Record<string, number>>;
}

/** The simulator operations that the scheduler needs. */
export interface SchedulableSimulator extends SimulatorView {
  /** Computes the next turn of an actor again. */
  reschedule(one: ActorTiming): void;
  /** Takes a step of an actor at a time, without delay. */
  takeNow(one: ActorTiming, event: number, atNs: number): void;
  /** Delivers the first message of an actor, an interrupt, without delay. A pending step of the actor stays pending. */
  interrupt(one: ActorTiming, atNs: number): void;
}

const State = { asleep: 0, running: 1, queued: 2 } as const;

/**
 * A preemptive CPU scheduler: one FIFO run queue, time slices, wake-up preemption, and CPU affinity. A thread is
 * preempted at the end of its slice if another one waits, and by a thread that wakes up, as Linux favours threads that
 * slept. An actor takes its preemption event before it loses its processor.
 *
 * A spinlock disables preemption in Linux, and so does busy-waiting for other processors. A thread that does either is
 * preempted afterwards, unless `preemptLocks`.
 *
 * A step may grant the lock to a thread without a processor: the step that ends a grace period takes a waiting thread
 * up to the lock. In Linux that thread would run before it requests the lock. So a lock holder gets a processor at
 * once, and preempts even a thread that spins for the lock. Otherwise a single processor would deadlock.
 */
export class CpuScheduler {
  /** number of preemptions, and of those while the thread held the lock */
  preemptions = 0;
  holderPreemptions = 0;
  private readonly threads: OsThreads;
  private readonly states: Uint8Array;
  /** by thread: the only processor that it runs on, or -1 */
  private readonly affinity: Int32Array;
  /** by thread: the processor that it got last */
  private readonly runsOn: Int32Array;
  private readonly sliceEndNs: Float64Array;
  /** by thread: when it got its processor, or lost it */
  private readonly sinceNs: Float64Array;
  /** by thread: 1 if it is preempted as soon as it is preemptible */
  private readonly mustYield: Uint8Array;
  private readonly running: number[] = [];
  private readonly queue: number[] = [];
  /** by actor of a thread without a processor: rest of the cost that it has to pay */
  private readonly unpaidNs: Float64Array;

  /** @param switchNs cost of a context switch */
  constructor(
    private readonly settings: ProcessorSettings,
    private readonly switchNs: number,
    definitions: SchedulingDefinitions,
    private readonly simulator: SchedulableSimulator,
  ) {
    const names = simulator.program.actors;
    const actors = names.length;
    this.threads = new OsThreads(simulator, definitions);
    this.states = new Uint8Array(actors);
    this.affinity = Int32Array.from(names, (name) => settings.affinity?.[name] ?? -1);
    this.runsOn = new Int32Array(actors);
    this.sliceEndNs = new Float64Array(actors).fill(never);
    this.sinceNs = new Float64Array(actors);
    this.mustYield = new Uint8Array(actors);
    this.unpaidNs = new Float64Array(actors);
  }

  /** Dispatches the threads that compute from the start, as far as there are processors. */
  start(): void {
    this.simulator.program.actors.forEach((_, actor) => {
      if (!this.simulator.computes(actor)) return;
      const processor = this.freeProcessorFor(actor);
      if (processor >= 0) this.dispatch(actor, -this.switchNs, processor);
      else {
        this.takePreemptEvent(actor, 0);
        this.suspend(actor, 0);
        this.queue.push(actor);
      }
    });
  }

  /** End of the first slice that another thread waits for, or `never`. */
  get nextNs(): number {
    if (this.queue.length === 0) return never;
    const endOf = (thread: number): number => (this.isWaitedFor(thread) ? this.sliceEndNs[thread] : never);
    return this.running.reduce((least, thread) => Math.min(least, endOf(thread)), never);
  }

  /** Ends the first slice that is over at a time. */
  endSlice(atNs: number): void {
    const isOver = (one: number): boolean => this.sliceEndNs[one] <= atNs && this.isWaitedFor(one);
    const thread = this.running.find(isOver) as number;
    if (this.isPreemptible(thread)) this.preempt(thread, atNs);
    else this.deferPreemption(thread);
  }

  /**
   * Returns which messages an actor accepts, by delivery event: only interrupts while it waits for a processor;
   * undefined for all.
   */
  acceptedEvents(actor: number): Uint8Array | undefined {
    return this.isQueued(actor) ? this.threads.isInterrupt : undefined;
  }

  /** Returns true if the thread of an actor waits for a processor. */
  isQueued(actor: number): boolean {
    return this.states[this.threads.of(actor)] === State.queued;
  }

  /**
   * Returns true if an actor whose turn it is has a processor. Otherwise delivers an interrupt to it, or wakes up its
   * thread.
   */
  admit(actor: number, atNs: number): boolean {
    const one = this.simulator.actors[actor];
    const thread = this.threads.of(actor);
    if (this.states[thread] === State.running) return true;
    const isDelivery = one.deliveryNs <= one.startNs;
    if (this.isQueued(actor) || (isDelivery && this.threads.isInterrupt[one.deliveryEvent] === 1)) {
      this.simulator.interrupt(one, atNs);
      return false;
    }
    this.wakeUp(thread, atNs);
    return false;
  }

  /** Moves a callee into the thread of its caller. */
  join(callee: number, caller: number): void {
    this.threads.join(callee, caller);
  }

  /** Charges a cost in another actor's step to an actor. It pays once it has a processor. */
  deferCost(actor: number, ns: number): void {
    if (this.isQueued(actor)) this.unpaidNs[actor] += ns;
  }

  /** Called after each step. Returns true if a thread got or lost a processor. */
  stepTaken(actor: number, nowNs: number): boolean {
    const thread = this.threads.of(actor);
    const { actors, program } = this.simulator;
    const atNs = Math.max(nowNs, actors[actor].busyUntilNs);
    if (this.threads.sleeps(thread)) {
      this.leave(thread, State.asleep);
      this.dispatchNext(atNs, this.runsOn[thread]);
      return true;
    }
    if (program.microsteps.count > 1 && this.dispatchLockHolder(nowNs)) return true;
    if (this.mustYield[thread] === 0 || !this.isPreemptible(thread)) return false;
    this.mustYield[thread] = 0;
    this.sliceEndNs[thread] = atNs;
    if (!this.isWaitedFor(thread)) return false;
    this.preempt(thread, atNs);
    return true;
  }

  private mayRunOn(thread: number, processor: number): boolean {
    const only = this.affinity[thread];
    return only < 0 || only === processor;
  }

  private freeProcessorFor(thread: number): number {
    for (let processor = 0; processor < this.settings.count; processor++) {
      const isFree = this.running.every((one) => this.runsOn[one] !== processor);
      if (isFree && this.mayRunOn(thread, processor)) return processor;
    }
    return -1;
  }

  /** Returns true if a queued thread may run on the processor of this one. */
  private isWaitedFor(thread: number): boolean {
    return this.queue.some((one) => this.mayRunOn(one, this.runsOn[thread]));
  }

  private isPreemptible(thread: number): boolean {
    return this.settings.preemptLocks || !this.threads.isNonPreemptible(thread);
  }

  private deferPreemption(thread: number): void {
    this.sliceEndNs[thread] = never;
    this.mustYield[thread] = 1;
  }

  /** Dispatches a thread that was asleep; it preempts the thread that has run longest, if no processor is free. */
  private wakeUp(thread: number, atNs: number): void {
    this.suspend(thread, atNs);
    const processor = this.freeProcessorFor(thread);
    if (processor >= 0) {
      this.dispatch(thread, atNs, processor);
      return;
    }
    this.queue.unshift(thread);
    if (this.dispatchLockHolder(atNs)) return;
    const candidates = this.runningInTheWayOf(thread).sort((a, b) => this.sinceNs[a] - this.sinceNs[b]);
    const victim = candidates.find((one) => this.isPreemptible(one));
    if (victim !== undefined) this.preempt(victim, atNs);
    else this.deferPreemption(candidates[0]);
  }

  private runningInTheWayOf(thread: number): number[] {
    return this.running.filter((one) => this.mayRunOn(thread, this.runsOn[one]));
  }

  /** Dispatches a queued thread that holds the lock. Returns false if there is none, or no thread to preempt. */
  private dispatchLockHolder(atNs: number): boolean {
    if (this.settings.preemptLocks) return false;
    const position = this.queue.findIndex((thread) => this.threads.holdsLock(thread));
    if (position < 0) return false;
    const candidates = this.runningInTheWayOf(this.queue[position]);
    const victim =
      candidates.find((one) => this.isPreemptible(one)) ?? candidates.find((one) => this.threads.spinsForLock(one));
    if (victim === undefined) return false;
    this.queue.unshift(...this.queue.splice(position, 1));
    this.preempt(victim, atNs);
    return true;
  }

  /** Moves a running thread to the end of the queue, and dispatches the first queued thread in its place. */
  private preempt(thread: number, atNs: number): void {
    this.preemptions++;
    if (this.threads.holdsLock(thread)) this.holderPreemptions++;
    let freeNs = atNs;
    for (const actor of this.threads.actorsOf(thread)) {
      freeNs = Math.max(freeNs, this.takePreemptEvent(actor, atNs));
    }
    this.leave(thread, State.queued);
    this.suspend(thread, freeNs);
    this.dispatchNext(freeNs, this.runsOn[thread]);
    this.queue.push(thread);
  }

  /**
   * Takes the preemption event of an actor, if it has a transition for it, and further steps until its interrupts are
   * on again. Returns when the actor is done.
   */
  private takePreemptEvent(actor: number, atNs: number): number {
    const { program, actors } = this.simulator;
    const event = this.threads.preemptEvents[actor];
    if (event < 0 || !program.accepts(event)) return atNs;
    const one = actors[actor];
    this.simulator.takeNow(one, event, Math.max(atNs, one.busyUntilNs));
    const step = findStepEvent(program, actor);
    while (this.threads.hasInterruptsOff(actor)) this.simulator.takeNow(one, step, one.busyUntilNs);
    return one.busyUntilNs;
  }

  private leave(thread: number, state: (typeof State)[keyof typeof State]): void {
    this.running.splice(this.running.indexOf(thread), 1);
    this.states[thread] = state;
    this.mustYield[thread] = 0;
  }

  /** Marks a thread as waiting for a processor, and keeps the unpaid costs of its actors. */
  private suspend(thread: number, atNs: number): void {
    this.states[thread] = State.queued;
    this.sinceNs[thread] = atNs;
    for (const actor of this.threads.actorsOf(thread)) {
      const one = this.simulator.actors[actor];
      this.unpaidNs[actor] = Math.max(0, one.busyUntilNs - atNs);
      this.simulator.reschedule(one);
    }
  }

  private dispatchNext(atNs: number, processor: number): void {
    const position = this.queue.findIndex((thread) => this.mayRunOn(thread, processor));
    if (position < 0) return;
    const [thread] = this.queue.splice(position, 1);
    this.dispatch(thread as number, atNs, processor);
  }

  /** Gives a processor to a thread. Its pending steps resume where they were suspended. */
  private dispatch(thread: number, freeNs: number, processor: number): void {
    const suspendedNs = this.sinceNs[thread];
    const fromNs = Math.max(freeNs, suspendedNs) + this.switchNs;
    this.running.push(thread);
    this.runsOn[thread] = processor;
    this.states[thread] = State.running;
    this.sinceNs[thread] = fromNs;
    this.sliceEndNs[thread] = fromNs + this.settings.sliceNs;
    for (const actor of this.threads.actorsOf(thread)) {
      const one = this.simulator.actors[actor];
      if (one.pendingEvent >= 0) {
        one.startNs += Math.max(0, fromNs - suspendedNs);
        one.nextTurnNs = fromNs;
        continue;
      }
      one.busyUntilNs = Math.max(one.busyUntilNs, fromNs + this.unpaidNs[actor]);
      this.simulator.reschedule(one);
    }
  }
}
