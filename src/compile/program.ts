import type { SuccessorCache } from '../cache/successor-cache.ts';
import type { Recorder } from '../model/access-recording.ts';
import type { AnyDesign } from '../model/design.ts';
import type { SystemEvent } from '../model/events.ts';
import { type Instance, instantiate } from '../model/instance.ts';
import type { Property, StepSeen } from '../model/property.ts';
import type { Layout } from '../model/state-layout.ts';
import { type DispatchStrategy, tableDispatch } from './dispatch.ts';
import { Interpreter } from './interpreter.ts';
import type { Microsteps } from './microsteps.ts';
import { StepOutcome } from './step-outcome.ts';
import { compileTables, type FlatTransition, type TransitionInfo, type TransitionTables } from './transition-tables.ts';

export { StepOutcome };

/**
 * A design at a certain size, compiled: all that an engine sees. There is one current state, `state`, that every call reads and changes
 * in place; an engine that explores saves and restores its words.
 */
export interface Program {
  readonly design: AnyDesign;
  readonly params: Readonly<Record<string, number>>;
  /** the current state; its length is the number of 32-bit words of a state */
  readonly state: Int32Array;
  readonly events: readonly SystemEvent[];
  readonly actors: readonly string[];
  readonly properties: readonly Property[];
  /** transitions of all machines */
  readonly transitions: readonly TransitionInfo[];
  /** how often each of them was taken so far, as the first of a step or after it */
  readonly counts: Float64Array;
  /** every transition of every machine from every leaf: what `moves` speaks of */
  readonly arrows: readonly FlatTransition[];
  /** what the last step that was taken consisted of */
  readonly moves: Microsteps;
  /** Makes the initial state current. */
  reset(): StepOutcome;
  /** Writes the events that the actors may take now, returns how many. A guard may still refuse one, or a payload of it. */
  enabled(out: Int32Array): number;
  /** Takes an event. When it is refused, the state is as before. After a fault, `fault` says what went wrong. */
  step(event: number, payload: number): StepOutcome;
  /** The events of its own that an actor may take now; a guard may still refuse one, or a payload of it. */
  enabledOf(actor: number): Int32Array;
  /** Whether its actor has a transition for an event where it is now, if its guards allow. */
  accepts(event: number): boolean;
  /** The index in `transitions` of the one that the last step began with; -1 after `reset`. */
  lastTransition(): number;
  /** The last step, as covers see it. */
  lastStep(): StepSeen;
  /** Index in `properties` of the first invariant that the current state breaks, or -1. */
  violated(): number;
  /** Calls `hit` with the index in `properties` of each cover, among those still open, that the last step or this state shows. `hit` may take it off `open`. */
  covers(open: readonly number[], hit: (property: number) => void): void;
  /** Whether a state in which nothing can happen is a proper end. */
  isValidEndState(): boolean;
  fault(): string;
  readonly instance: Instance;
  /** The steps out of the current state, together; not of a program that is asked for one event after the other. */
  readonly successors?: SuccessorCache;
}

/**
 * Compiles a design.
 * @param record gets every access to memory and registers, if anybody does
 * @param layout says where cells are in the state: packed, unless told
 * @param ways how actors take their events: by the tables, unless told
 * @throws PrecopyError `UNSUPPORTED_FEATURE`, `BAD_DESIGN` or `BAD_PARAMETER`
 */
export function compile(
  design: AnyDesign,
  params: Readonly<Record<string, number>> = {},
  {
    record,
    layout,
    ways = tableDispatch,
  }: { readonly record?: Recorder; readonly layout?: Layout; readonly ways?: DispatchStrategy } = {},
): Interpreter {
  const tables = new Map(Object.values(design.machines).map((machine) => [machine, compileTables(machine.statechart)]));
  const instance = instantiate(design, params, record, layout);
  return new Interpreter(
    instance,
    instance.actors.map(({ machine }) => tables.get(machine) as TransitionTables),
    ways,
  );
}
