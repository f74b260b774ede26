import type { Access } from './access-recording.ts';
import type { MemoryModel } from './store-buffer.ts';

/** A run, step by step, as the live actors took it: what every renderer gets. */
export interface Trace {
  readonly design: string;
  readonly params: Readonly<Record<string, number>>;
  readonly memoryModel: MemoryModel;
  /** names by actor number */
  readonly actors: readonly string[];
  /** the schedule string that replays it */
  readonly schedule: string;
  /**
   * the initial value of every shared, owned and register cell that a step changes later, and the states of the actors
   */
  readonly initial: { readonly cells: Readonly<Record<string, string>>; readonly states: readonly string[] };
  readonly steps: readonly TraceStep[];
  /**
   * how many of the last steps are repeated for ever; with 0 of them nothing happens any more. Undefined where the run
   * just ends.
   */
  readonly cycle?: number;
  /**
   * the property that breaks: in the last step, or in the initial state where there are no steps, or in the run without
   * an end as a whole
   */
  readonly violation?: {
    readonly property: string;
    /** what the property says */
    readonly description: string;
    /** what went wrong, where precopy itself can tell */
    readonly detail?: string;
  };
}

/** One choice, and all that it led to. */
export interface TraceStep {
  /** the actor that took the event */
  readonly actor: number;
  readonly event: string;
  /** the choice out of the domain of the event */
  readonly payload?: { readonly field: string; readonly value: number };
  /** the sender, where the event is the delivery of a posted message */
  readonly from?: number;
  /**
   * what each actor did in this step: first the one that took the event, then those that got messages by rendezvous, in
   * order
   */
  readonly moves: readonly TraceMove[];
}

/** What one actor did with one event. */
export interface TraceMove {
  readonly actor: number;
  readonly event: string;
  /** the sender of a message; the actor itself for its own events */
  readonly from: number;
  /** what a message carries, where it carries something */
  readonly fields?: Readonly<Record<string, number>>;
  /** paths of the states before and after */
  readonly before: string;
  readonly after: string;
  readonly actions: readonly string[];
  readonly accesses: readonly Access[];
  readonly sent: readonly { readonly type: string; readonly to: number; readonly posted: boolean }[];
}
