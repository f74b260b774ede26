import { ModelFault } from './errors.ts';
import type { Messages } from './messages.ts';
import { refuseModelCode } from './model-code.ts';
import { describeValue, isIndexUpTo } from './values.ts';

/**
 * Checks a message before it is sent: its type is one of the system, it goes to an actor, and it has its fields, each
 * an integer. The fields are frozen, since they are read when the message is delivered.
 * @param actors number of actors
 * @throws PrecopyError `BAD_DESIGN` for a name that the system does not have
 * @throws ModelFault for a value
 */
export function checkMessage(type: string, to: number, given: object, messages: Messages, actors: number): void {
  const message = Object.hasOwn(messages, type) ? messages[type] : refuseType(type, messages);
  if (!isIndexUpTo(actors - 1, to)) throwNoReceiver(type, to, actors);
  const { fields } = message;
  if (given !== noFields || fields.length > 0) checkFields(type, fields, given);
}

/** The fields of a message that has none. */
export const noFields: Readonly<Record<string, number>> = Object.freeze({});

function checkFields(type: string, fields: readonly string[], given: object): void {
  if (typeof given !== 'object' || given === null)
    refuseModelCode(`sends ${type} with ${describeValue(given)}`, 'give its fields');
  Object.freeze(given);
  const unknown = Object.keys(given).find((name) => !fields.includes(name));
  const all = fields.length === 0 ? 'it has none' : `its fields are ${fields.join(', ')}`;
  if (unknown !== undefined) refuseModelCode(`sends ${type} with the field ${unknown}`, all);
  for (const name of fields) {
    const value: unknown = (given as Record<string, unknown>)[name];
    if (value === undefined) refuseModelCode(`sends ${type} without the field ${name}`, all);
    if (!Number.isSafeInteger(value))
      throw new ModelFault(`${type}.${name} is an integer and cannot be ${describeValue(value)}`);
  }
}

function refuseType(type: unknown, messages: Messages): never {
  const names = Object.keys(messages);
  const remedy = names.length === 0 ? 'the system has no messages' : `the messages are ${names.join(', ')}`;
  refuseModelCode(`sends ${typeof type === 'string' ? type : describeValue(type)}, which is no message`, remedy);
}

function throwNoReceiver(type: string, to: unknown, actors: number): never {
  throw new ModelFault(`${type} is sent to actor ${describeValue(to)}, but the actors are 0 to ${actors - 1}`);
}
