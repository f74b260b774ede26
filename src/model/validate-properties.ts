import type { AnyDesign } from './design.ts';
import { PrecopyError } from './errors.ts';
import type { Machine } from './machine.ts';
import type { Messages } from './messages.ts';
import { type LeadsTo, type Property, wellFormed } from './property.ts';
import { refuseUnknown, refuseUnknownKeys } from './refuse-unknown.ts';
import { drain } from './store-buffer.ts';

const headerKeys = ['id', 'description', 'where', 'kind'];
const keysByKind: Readonly<Record<Property['kind'], readonly string[]>> = {
  invariant: [...headerKeys, 'holds', 'each'],
  cover: [...headerKeys, 'isHit', 'isGoal'],
  deadlock: [...headerKeys, 'isValidEndState'],
  'leads-to': [...headerKeys, 'actors', 'from', 'to', 'finitely', 'strongly'],
};
const predicates = ['where', 'holds', 'isHit', 'isValidEndState', 'actors', 'from', 'to'];

/**
 * Refuses properties without an id of their own, and keys and events that do not exist.
 * @throws PrecopyError `BAD_DESIGN`
 */
export function validateProperties(where: string, design: AnyDesign): void {
  const properties: readonly Property[] = design.properties;
  if (!Array.isArray(properties)) refuse(`${where} has no list of properties`, 'properties: [...]');
  const ids = new Set<string>([wellFormed]);
  const choices = choiceTypes(design);
  for (const property of properties) {
    const { id } = property;
    if (typeof id !== 'string' || !/^\S+$/.test(id)) {
      refuse(`${where}: a property has the id '${String(id)}'`, 'give it an id without spaces');
    }
    if (ids.has(id)) refuse(`${where} has two properties called '${id}'`, 'give each an id of its own');
    ids.add(id);
    validateProperty(`${where}, property '${id}'`, property);
    if (property.kind === 'leads-to') validatePremises(`${where}, property '${id}'`, property, choices);
  }
}

/** Properties that were validated: designs share them. */
const valid = new WeakSet<Property>();

function validateProperty(where: string, property: Property): void {
  if (valid.has(property)) return;
  refuseUnknown(where, 'kind', String(property.kind), Object.keys(keysByKind));
  refuseUnknownKeys(where, property, keysByKind[property.kind]);
  if (typeof property.description !== 'string') refuse(`${where} has no description`, 'state it in one sentence');
  for (const key of predicates.filter((one) => keysByKind[property.kind].includes(one))) {
    const value = (property as unknown as Record<string, unknown>)[key];
    if (typeof value === 'function' || (key === 'where' && value === undefined)) continue;
    refuse(`${where}: ${key} is no function`, 'give a function');
  }
  if (property.kind === 'invariant' && property.each !== undefined) validateEach(`${where}, each`, property.each);
  valid.add(property);
}

function validateEach(where: string, each: NonNullable<(Property & { readonly kind: 'invariant' })['each']>): void {
  refuseUnknownKeys(where, each, ['field', 'size', 'holds']);
  if (typeof each.field !== 'string') refuse(`${where} has no field`, "name the number: field: 'gfn'");
  if (typeof each.size !== 'function') refuse(`${where}: size is no function`, 'give a function of the params');
  if (typeof each.holds !== 'function') refuse(`${where}: holds is no function`, 'give a function');
}

/** Returns the types of choices: of spontaneous events, deliveries and drains. A rendezvous message is no choice. */
function choiceTypes(design: AnyDesign): string[] {
  const machines = Object.values<Machine | undefined>(design.machines);
  const messages = Object.entries(design.system.spec.messages as Messages);
  return [
    ...machines.flatMap((machine) => Object.keys(machine?.definition.events ?? {})),
    ...messages.filter(([, { delivery }]) => delivery === 'posted').map(([type]) => type),
    drain,
  ];
}

function validatePremises(where: string, { finitely = [], strongly = [] }: LeadsTo, known: readonly string[]): void {
  for (const event of finitely) refuseUnknown(`${where}, finitely`, 'event', String(event), known);
  for (const premise of strongly) {
    refuseUnknownKeys(`${where}, strongly`, premise, ['event', 'when']);
    refuseUnknown(`${where}, strongly`, 'event', String(premise.event), known);
  }
}

function refuse(cause: string, remedy: string): never {
  throw new PrecopyError('BAD_DESIGN', cause, remedy);
}
