import type { Interpreter } from '../compile/interpreter.ts';
import type { ActorTiming } from './actor-timing.ts';
import type { MetricsRecorder } from './metrics.ts';
import { findOwnEvent } from './spontaneous-actions.ts';

/** Types of messages and events that matter to a CPU scheduler. */
export interface SchedulingDefinitions {
  /** messages that a thread busy-waits for */
  readonly spins: readonly string[];
  /** messages that a processor takes whichever thread runs on it */
  readonly interrupts: readonly string[];
  /** event that an actor takes when it loses its processor, if its machine has it */
  readonly preempt: string;
}

/** The simulator state that thread classification needs. */
export interface SimulatorView {
  /** by id */
  readonly actors: readonly ActorTiming[];
  readonly program: Interpreter;
  readonly metrics: MetricsRecorder;
  /** Returns true if an actor occupies its processor until its next step. */
  computes(actor: number): boolean;
}

/**
 * Groups actors into threads of an operating system, and classifies what a thread does. Each actor begins as a thread
 * of its own; a callee joins the thread of its caller. The id of a thread is that of one of its actors.
 */
export class OsThreads {
  /** by event: 1 if it delivers an interrupt */
  readonly isInterrupt: Uint8Array;
  /** by actor: id of its preemption event, or -1 */
  readonly preemptEvents: readonly number[];
  /** by actor */
  private readonly threads: Int32Array;

  constructor(
    private readonly simulator: SimulatorView,
    private readonly definitions: SchedulingDefinitions,
  ) {
    const { events, actors } = simulator.program;
    this.threads = Int32Array.from(actors, (_, actor) => actor);
    this.preemptEvents = actors.map((_, actor) => findOwnEvent(simulator.program, actor, definitions.preempt));
    this.isInterrupt = Uint8Array.from(events, ({ type, from }) =>
      from !== undefined && definitions.interrupts.includes(type) ? 1 : 0,
    );
  }

  of(actor: number): number {
    return this.threads[actor];
  }

  actorsOf(thread: number): number[] {
    return this.simulator.actors.flatMap(({ actor, isActive }) =>
      isActive && this.threads[actor] === thread ? actor : [],
    );
  }

  /** Moves a callee into the thread of its caller. */
  join(callee: number, caller: number): void {
    this.threads[callee] = this.threads[caller];
  }

  holdsLock(thread: number): boolean {
    return this.actorsOf(thread).some((actor) => this.simulator.metrics.holdsLock(actor));
  }

  spinsForLock(thread: number): boolean {
    return this.actorsOf(thread).some((actor) => this.waitsForLock(actor));
  }

  /** Returns true if the thread cannot lose its processor: preemption or interrupts are disabled. */
  isNonPreemptible(thread: number): boolean {
    const { metrics } = this.simulator;
    return this.actorsOf(thread).some(
      (actor) =>
        metrics.holdsLock(actor) || metrics.waitsForLock(actor) || this.spins(actor) || this.hasInterruptsOff(actor),
    );
  }

  /** Returns true if an actor with a preemption event takes no interrupts in its current state. */
  hasInterruptsOff(actor: number): boolean {
    const { program } = this.simulator;
    return (
      this.preemptEvents[actor] >= 0 && !this.definitions.interrupts.some((type) => program.hasTransition(actor, type))
    );
  }

  /** Returns true if no actor of the thread has work now. */
  sleeps(thread: number): boolean {
    return this.actorsOf(thread).every((actor) => {
      const { pendingEvent, nextTurnNs, busyUntilNs } = this.simulator.actors[actor];
      if (pendingEvent >= 0 || nextTurnNs <= busyUntilNs || this.simulator.computes(actor)) return false;
      return !this.spins(actor);
    });
  }

  private waitsForLock(actor: number): boolean {
    const { metrics } = this.simulator;
    return metrics.waitsForLock(actor) && !metrics.holdsLock(actor);
  }

  private spins(actor: number): boolean {
    return this.definitions.spins.some((type) => this.simulator.program.hasTransition(actor, type));
  }
}
