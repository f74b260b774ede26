import type { SystemEvent } from '../model/events.ts';
import type { Instance } from '../model/instance.ts';

/** One object per event type and actor, filled before use. */
export interface RuntimeEvent {
  readonly type: string;
  /** who sent it, the actor itself for an event of its own; nobody sends the start */
  from?: number;
  [field: string]: unknown;
}

/** What actions and guards get. */
export interface StepArgs {
  readonly context: unknown;
  readonly event: RuntimeEvent;
}

/** The names of all that events and messages of a system carry. */
export function fieldNamesOf({ messages }: Instance, events: readonly SystemEvent[]): string[] {
  const ofMessages = Object.values(messages).flatMap(({ fields }) => fields);
  const ofEvents = events.flatMap(({ field }) => (field === undefined ? [] : [field]));
  return [...new Set([...ofMessages, ...ofEvents])].sort();
}

/** An event before it is filled. All of a system are of one shape, so that V8 knows where actions and guards find what they carry. */
export function createEvent(type: string, from: number, fieldNames: readonly string[]): RuntimeEvent {
  const event: RuntimeEvent = { type, from };
  for (const name of fieldNames) event[name] = undefined;
  return event;
}
