import type { Interpreter } from '../compile/interpreter.ts';
import type { MetricDefinitions } from '../simulate/kvm-metrics.ts';
import { findOwnEvent } from '../simulate/kvm-policies.ts';
import type { ActorTiming } from './actor-timing.ts';
import type { MetricsRecorder } from './metrics.ts';

/** What is to be known of the clock to tell what a thread is about. */
export interface SimulatorView {
  /** by number */
  readonly actors: readonly ActorTiming[];
  readonly program: Interpreter;
  readonly meter: MetricsRecorder;
  /** whether an actor computes until it goes on, and does not sleep */
  computes(actor: number): boolean;
}

/** Which actors run in which thread, and what a thread is about. A thread has the number of one of its actors. */
export class OsThreads {
  /** by actor: its thread */
  private readonly threads: Int32Array;
  /** by actor: the event with which a vCPU leaves the guest when it loses its processor, or -1 */
  readonly exits: readonly number[];
  /** by event: whether it is the delivery of an interrupt */
  readonly isInterrupt: Uint8Array;

  constructor(
    private readonly clock: SimulatorView,
    private readonly gauges: MetricDefinitions['processors'],
  ) {
    const { events, actors } = clock.program;
    this.threads = Int32Array.from(actors, (_, actor) => actor);
    this.exits = actors.map((_, actor) => findOwnEvent(clock.program, actor, gauges.preempt));
    this.isInterrupt = Uint8Array.from(events, ({ type, from }) =>
      from !== undefined && gauges.interrupts.includes(type) ? 1 : 0,
    );
  }

  of(actor: number): number {
    return this.threads[actor];
  }

  actorsOf(thread: number): number[] {
    return this.clock.actors.flatMap(({ actor, isActive }) =>
      isActive && this.threads[actor] === thread ? actor : [],
    );
  }

  /** An actor was called by another one: both are one thread. */
  join(callee: number, caller: number): void {
    this.threads[callee] = this.threads[caller];
  }

  holdsLock(thread: number): boolean {
    return this.actorsOf(thread).some((actor) => this.clock.meter.holds(actor));
  }

  /** Whether it does nothing but wait for the lock, which it spins for. */
  spinsForLock(thread: number): boolean {
    const { meter } = this.clock;
    return this.actorsOf(thread).some((actor) => meter.isAtLock(actor) && !meter.holds(actor));
  }

  /** Whether it cannot lose its processor in Linux: preemption or interrupts are off. */
  isNonPreemptible(thread: number): boolean {
    const { program, meter } = this.clock;
    return this.actorsOf(thread).some(
      (actor) =>
        meter.isAtLock(actor) ||
        this.gauges.spins.some((type) => program.takes(actor, type)) ||
        this.hasInterruptsOff(actor),
    );
  }

  /** A vCPU between the guest and the host. */
  hasInterruptsOff(actor: number): boolean {
    const { program } = this.clock;
    return this.exits[actor] >= 0 && !this.gauges.interrupts.some((type) => program.takes(actor, type));
  }

  /** Whether no actor of a thread has anything to do now. */
  sleeps(thread: number): boolean {
    const { actors, program } = this.clock;
    return this.actorsOf(thread).every((actor) => {
      const { pendingEvent, nextTurnNs, busyUntil } = actors[actor];
      if (pendingEvent >= 0 || nextTurnNs <= busyUntil || this.clock.computes(actor)) return false;
      return !this.gauges.spins.some((type) => program.takes(actor, type));
    });
  }
}
