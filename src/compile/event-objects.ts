import type { SystemEvent } from '../model/events.ts';
import type { Instance } from '../model/instance.ts';

/**
 * The event object that actions and guards get. There is one per event type and actor, whose fields are assigned before
 * use.
 */
export interface RuntimeEvent {
  readonly type: string;
  /** id of the sender; the actor itself for its spontaneous events, undefined for the start */
  from?: number;
  [field: string]: unknown;
}

/** The arguments of actions and guards. */
export interface ActionArgs {
  readonly context: unknown;
  readonly event: RuntimeEvent;
}

/** Returns the names of all fields of the events and messages of a system. */
export function fieldNamesOf({ messages }: Instance, events: readonly SystemEvent[]): string[] {
  const ofMessages = Object.values(messages).flatMap(({ fields }) => fields);
  const ofEvents = events.flatMap(({ field }) => (field === undefined ? [] : [field]));
  return [...new Set([...ofMessages, ...ofEvents])].sort();
}

/**
 * Creates an event object without values. All events of a system have the same hidden class, so V8 keeps accesses
 * monomorphic.
 */
export function createEvent(type: string, from: number, fieldNames: readonly string[]): RuntimeEvent {
  const event: RuntimeEvent = { type, from };
  for (const name of fieldNames) event[name] = undefined;
  return event;
}
