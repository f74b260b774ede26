import { strict, strictPrototype } from '../model/strict-names.ts';
import { initEvent } from '../model/xstate-internals.ts';

/**
 * The event object that actions and guards get. There is one per event type and actor, whose slots are assigned before
 * use.
 */
export interface RuntimeEvent {
  readonly type: string;
  /** id of the sender; the actor itself for its spontaneous events */
  readonly from: number;
  [slot: string]: unknown;
}

/** The arguments of actions and guards. */
export interface ActionArgs {
  readonly context: unknown;
  readonly event: object;
}

/** The event of entry actions when an actor starts: nobody sends it. */
export const startEvent: object = Object.freeze(strict({ type: initEvent }, `the event ${initEvent}`, 'field'));

/** Returns the property of an event object that holds a field. Code of a design reads it by an accessor. */
export const slotOf = (field: string): string => `_${field}`;

type EventClass = new (type: string, from: number) => RuntimeEvent;
const classes = new Map<string, EventClass>();

/**
 * Creates an event object without values. Actions and guards cannot write its fields, and a field that the event does
 * not have is refused. Events with equal fields share a class, so V8 keeps accesses monomorphic where an action belongs
 * to one of them.
 */
export function createEvent(type: string, from: number, fields: readonly string[]): RuntimeEvent {
  const names = ['type', 'from', ...fields];
  const key = JSON.stringify([type, names]);
  const Event = classes.get(key) ?? generateClass(names);
  if (!classes.has(key)) {
    classes.set(key, Event);
    Object.setPrototypeOf(Event.prototype, strictPrototype(`the event ${type}`, 'field'));
  }
  return new Event(type, from);
}

function generateClass(names: readonly string[]): EventClass {
  const slots = names.map((name) => JSON.stringify(slotOf(name)));
  const getters = names.map((name, n) => `get [${JSON.stringify(name)}]() { return this[${slots[n]}]; }`);
  const code = `return class Event {
    ${slots.map((slot) => `[${slot}];`).join(' ')}
    constructor(type, from) { this._type = type; this._from = from; Object.seal(this); }
    ${getters.join('\n    ')}
  };`;
  return new Function(code)() as EventClass;
}
