import { ModelFault } from './errors.ts';
import type { Envelope, Messages, Send } from './messages.ts';
import { refuseModelCode } from './model-code.ts';
import type { StoreBuffers } from './store-buffer.ts';
import { describeValue, isIndexUpTo } from './values.ts';

/** Sends a message. The arguments are those of an envelope, without one: millions of messages are sent. */
export type Transport = (type: string, from: number, to: number, fields: Envelope['fields']) => void;

/**
 * Returns the function by which an actor sends messages. With store buffers, a message that is a store waits in that of
 * its sender.
 */
export function sender(
  from: number,
  actors: number,
  carry: Transport,
  messages: Messages,
  buffers: StoreBuffers | undefined,
): Send<Messages> {
  if (buffers === undefined) {
    return (type: string, to: number, fields: Envelope['fields'] = noFields) => {
      carry(type, from, to, checkedFields(type, to, fields, messages, actors));
    };
  }
  return (type: string, to: number, fields: Envelope['fields'] = noFields) => {
    const checked = checkedFields(type, to, fields, messages, actors);
    const ordering = messages[type]?.ordering;
    if (ordering === 'store') return buffers.send(type, from, to);
    if (ordering === 'barrier') buffers.all[from]?.drain();
    carry(type, from, to, checked);
  };
}

/** Returns what only an action may call, for others. */
export function refusedCalls(audience: 'guard' | 'ghost' | 'property'): Record<string, unknown> {
  const remedy = audience === 'guard' ? 'a guard only reads: do it in an action' : 'do it in the action itself';
  return {
    send: (type: string) => refuseModelCode(`sends ${type}`, remedy),
    barrier: () => refuseModelCode('calls barrier()', remedy),
  };
}

/**
 * Checks a message before it is sent: its type is one of the system, it goes to an actor, and it has its fields, each
 * an integer. Returns a copy of the fields, since they are read when the message is delivered.
 * @param messages without a prototype, so that a name which is inherited is none
 * @param actors number of actors
 * @throws PrecopyError `BAD_DESIGN` for a name that the system does not have
 * @throws ModelFault for a value
 */
function checkedFields(
  type: string,
  to: number,
  given: Fields,
  messages: Messages,
  actors: number,
): Readonly<Record<string, number>> {
  const message = messages[type] ?? refuseType(type, messages);
  if (!isIndexUpTo(actors - 1, to)) throwNoReceiver(type, to, actors);
  const { fields } = message;
  return given === noFields && fields.length === 0 ? noFields : copyOf(type, fields, given);
}

type Fields = Readonly<Record<string, number>>;

/** The fields of a message that has none. */
export const noFields: Fields = Object.freeze({});

function copyOf(type: string, fields: readonly string[], given: Fields): Fields {
  if (typeof given !== 'object' || given === null)
    refuseModelCode(`sends ${type} with ${describeValue(given)}`, 'give its fields');
  const copy = { ...given };
  for (const name in copy) if (!fields.includes(name)) refuseField(type, fields, `with the field ${name}`);
  for (let n = 0; n < fields.length; n++) checkValue(type, fields, fields[n] as string, copy[fields[n] as string]);
  return copy;
}

function checkValue(type: string, fields: readonly string[], name: string, value: unknown): void {
  if (Number.isSafeInteger(value)) return;
  if (value === undefined) refuseField(type, fields, `without the field ${name}`);
  throw new ModelFault(`${type}.${name} is an integer and cannot be ${describeValue(value)}`);
}

function refuseField(type: string, fields: readonly string[], how: string): never {
  const all = fields.length === 0 ? 'it has none' : `its fields are ${fields.join(', ')}`;
  refuseModelCode(`sends ${type} ${how}`, all);
}

function refuseType(type: unknown, messages: Messages): never {
  const names = Object.keys(messages);
  const remedy = names.length === 0 ? 'the system has no messages' : `the messages are ${names.join(', ')}`;
  refuseModelCode(`sends ${typeof type === 'string' ? type : describeValue(type)}, which is no message`, remedy);
}

function throwNoReceiver(type: string, to: unknown, actors: number): never {
  throw new ModelFault(`${type} is sent to actor ${describeValue(to)}, but the actors are 0 to ${actors - 1}`);
}
