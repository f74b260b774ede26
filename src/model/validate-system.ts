import { PrecopyError } from './errors.ts';
import type { MessageSpec, Messages } from './messages.ts';
import { refuseTakenName, refuseUnknown, refuseUnknownKeys } from './refuse-unknown.ts';
import { drain } from './store-buffer.ts';
import type { SymmetrySpec } from './symmetry-spec.ts';
import type { Layer } from './system-layers.ts';
import type { SystemSpec } from './system-spec.ts';
import type { ParamSpecs, Roles, SystemTypes } from './system-types.ts';

const systemKeys = ['name', 'params', 'memory', 'messages', 'actors', 'tags', 'symmetry'];
const paramKeys = ['default', 'min', 'max', 'description', 'special'];
const messageKeys = ['delivery', 'fields', 'ordering'] satisfies (keyof MessageSpec)[];
const addedSymmetryKeys = ['perProcess', 'processSets', 'processIds', 'payloads'];
const symmetryKeys = ['role', 'kindOf', ...addedSymmetryKeys];

/** Fields that every event has. */
const eventFields = ['type', 'from'];

/**
 * Refuses a system with a key that has no meaning, or with a name that is taken: two things of one name cannot be told
 * apart.
 * @throws PrecopyError `BAD_DESIGN`
 */
export function validateSystem(spec: SystemSpec<SystemTypes>): void {
  const where = `system '${spec.name}'`;
  refuseUnknownKeys(where, spec, systemKeys);
  validateParams(where, spec.params);
  validateMessages(where, spec.messages);
  validateRoles(where, spec.actors);
  spec.tags.forEach((tag, n) => {
    refuseTakenName(where, 'tag', String(tag));
    if (spec.tags.indexOf(tag) !== n) refuse(`${where} declares the tag '${tag}' twice`, 'remove one of them');
  });
  if (typeof spec.memory !== 'function') refuse(`${where} has no function 'memory'`, 'memory: () => ({ ... })');
  if (spec.symmetry !== undefined) validateSymmetry(where, spec.symmetry, spec.actors);
}

/**
 * Refuses an extension with a key that has no meaning. The system that results is validated as any other.
 * @throws PrecopyError `BAD_DESIGN`
 */
export function validateExtension(extension: Layer): void {
  const { name, memory, tags, symmetry } = extension;
  const where = `extension '${name}'`;
  refuseUnknownKeys(where, extension, systemKeys);
  if (typeof name !== 'string' || name === '') refuse('an extension has no name', "give it one: name: 'vhost'");
  if (memory !== undefined && typeof memory !== 'function')
    refuse(`${where}: memory is no function`, 'memory: () => ({ ... })');
  if (tags !== undefined && !Array.isArray(tags)) refuse(`${where} has no list of tags`, "tags: ['busy']");
  if (symmetry !== undefined) refuseUnknownKeys(`${where}, symmetry`, symmetry, addedSymmetryKeys);
}

function validateParams(where: string, params: ParamSpecs): void {
  for (const [name, param] of Object.entries(params)) {
    refuseTakenName(where, 'param', name, ['storeBuffer']);
    refuseUnknownKeys(`${where}, param '${name}'`, param, paramKeys);
    const { default: initial, min, max } = param;
    if (![initial, min, max].every(Number.isInteger) || initial < min || initial > max) {
      const cause = `${where}, param '${name}': the default ${initial} is not from ${min} to ${max}`;
      refuse(cause, 'give integers: default, min and max');
    }
  }
}

function validateMessages(where: string, messages: Messages): void {
  for (const [type, message] of Object.entries(messages)) {
    refuseEventType(where, 'message', type);
    refuseUnknownKeys(`${where}, message ${type}`, message, messageKeys);
    refuseUnknown(`${where}, message ${type}`, 'delivery', String(message.delivery), ['rendezvous', 'posted']);
    for (const field of message.fields) refuseField(`${where}, message ${type}`, field);
  }
}

/** @throws PrecopyError `BAD_DESIGN` if an event or a message cannot have this type */
export function refuseEventType(where: string, what: string, type: string): void {
  refuseTakenName(where, what, type, [drain]);
  if (type.includes('*')) refuse(`${where}: the ${what} '${type}' is a wildcard of xstate`, 'call it something else');
}

/** @throws PrecopyError `BAD_DESIGN` if an event cannot have a field of this name */
export const refuseField = (where: string, field: string): void => refuseTakenName(where, 'field', field, eventFields);

function validateRoles(where: string, roles: Roles): void {
  const names = Object.keys(roles);
  if (names.length === 0) refuse(`${where} has no actors`, "add a role: actors: { worker: 'one' }");
  for (const [role, spec] of Object.entries(roles)) {
    refuseTakenName(where, 'role', role, ['nobody']);
    if (spec === 'one' || typeof spec === 'function') continue;
    refuseUnknownKeys(`${where}, role '${role}'`, spec, ['some', 'machineOf']);
    if (typeof spec.some !== 'function') refuse(`${where}, role '${role}': some is no function`, 'some: () => 2');
    if (!('machineOf' in spec)) continue;
    refuseUnknown(`${where}, role '${role}'`, 'role', String(spec.machineOf), names);
    const owner = roles[spec.machineOf];
    if (typeof owner === 'object' && 'machineOf' in owner) {
      refuse(`${where}, role '${role}': '${spec.machineOf}' has no machine of its own`, `name '${owner.machineOf}'`);
    }
  }
}

function validateSymmetry(where: string, symmetry: SymmetrySpec, roles: Roles): void {
  refuseUnknownKeys(`${where}, symmetry`, symmetry, symmetryKeys);
  refuseUnknown(`${where}, symmetry`, 'role', symmetry.role, Object.keys(roles));
}

function refuse(cause: string, remedy: string): never {
  throw new PrecopyError('BAD_DESIGN', cause, remedy);
}
