import { validateRoles } from './actor-list.ts';
import type { AnyDesign } from './design.ts';
import { PrecopyError } from './errors.ts';
import { Machine } from './machine.ts';
import type { Messages } from './messages.ts';
import { refuseUnknown, refuseUnknownKeys } from './refuse-unknown.ts';
import { isRecord } from './statechart-config.ts';
import { memoryModels } from './store-buffer.ts';
import { missingLayer } from './system-lineage.ts';
import { paramSpecsOf } from './system-params.ts';
import type { ParamSpecs } from './system-types.ts';
import { validateProperties } from './validate-properties.ts';
import { describeValue } from './values.ts';
import { isXstateMachine, xstateGuide } from './xstate-internals.ts';

const designKeys = [
  'id',
  'title',
  'source',
  'system',
  'machines',
  'properties',
  'costs',
  'params',
  'minParams',
  'unsupportedParams',
  'memoryModel',
  'safetyParams',
  'secondSafetyParams',
  'livenessParams',
  'mutation',
  'mutantOf',
] satisfies (keyof AnyDesign)[];
const sourceKeys = ['version', 'commit', 'functions'];

const valid = new WeakSet<AnyDesign>();

/**
 * Refuses a design with a name that nothing refers to, or that refers to nothing: a key, a param, a property or an
 * event. It looks at each design once.
 * @throws PrecopyError `BAD_DESIGN`, naming the design and the nearest name
 */
export function validateDesign(design: AnyDesign): void {
  if (valid.has(design)) return;
  const where = `design '${design.id}'`;
  refuseUnknownKeys(where, design, designKeys);
  if (typeof design.id !== 'string' || !/^[^\s,]+$/.test(design.id)) {
    const remedy = 'give it an id without spaces, such as `peterson`';
    throw new PrecopyError('BAD_DESIGN', `a design has the id '${String(design.id)}'`, remedy);
  }
  validateParts(where, design);
  if (design.source !== undefined) refuseUnknownKeys(`${where}, source`, design.source, sourceKeys);
  if (design.memoryModel !== undefined) {
    refuseUnknown(where, 'memory model', String(design.memoryModel), memoryModels);
  }
  validateParamNames(where, design);
  validateMachines(where, design);
  validateCosts(where, design);
  validateProperties(where, design);
  valid.add(design);
}

/** Refuses a design without one of its parts. */
function validateParts(where: string, design: AnyDesign): void {
  const refuse = (part: string, remedy: string): never => {
    throw new PrecopyError('BAD_DESIGN', `${where} has no ${part}`, remedy);
  };
  if (design.mutation && typeof design.mutation.bug !== 'string') refuse('bug', 'say in one line what it is');
  if (typeof design.title !== 'string') refuse('title', 'say in one line what it is');
  if (!isRecord(design.system?.spec)) refuse('system', 'make one with `defineSystem`');
  if (!isRecord(design.machines)) refuse('machines', 'give a machine for each role');
  validateRoles(design);
}

function validateParamNames(where: string, design: AnyDesign): void {
  const known = Object.keys(paramSpecsOf(design) as ParamSpecs);
  for (const kind of ['params', 'minParams', 'safetyParams', 'secondSafetyParams', 'livenessParams'] as const) {
    for (const name of Object.keys(design[kind] ?? {})) refuseUnknown(`${where}, ${kind}`, 'param', name, known);
  }
  for (const name of design.unsupportedParams ?? []) {
    refuseUnknown(`${where}, unsupportedParams`, 'param', String(name), known);
  }
}

/** Largest cost of one action or message: an hour. More is a mistake in the unit. */
const maxCostNs = 3600e9;

/** Refuses a cost of nothing, and one that is no time or has no origin. */
function validateCosts(where: string, { costs = {}, machines, system }: AnyDesign): void {
  refuseUnknownKeys(`${where}, costs`, costs, Object.keys(costs ?? {}));
  const actions = Object.values<Machine | undefined>(machines).flatMap((machine) =>
    Object.keys(machine?.definition.actions ?? {}).flatMap((action) => [action, `${machine?.id}.${action}`]),
  );
  const posted = Object.entries(system.spec.messages as Messages).flatMap(([type, { delivery }]) =>
    delivery === 'posted' ? [type] : [],
  );
  for (const [name, cost] of Object.entries(costs)) {
    refuseUnknown(`${where}, costs`, 'action or posted message', name, [...actions, ...posted]);
    refuseUnknownKeys(`${where}, costs, ${name}`, cost, ['ns', 'origin']);
    const { ns, origin } = cost;
    if (ns >= 0 && ns <= maxCostNs && typeof origin === 'string' && origin !== '') continue;
    const cause = `${where}, costs, ${name}: ${describeValue(ns)} ns of the origin ${describeValue(origin)}`;
    throw new PrecopyError('BAD_DESIGN', cause, "give a time and its origin: { ns: 20, origin: 'reasoned: one xchg' }");
  }
}

/**
 * Refuses what is no machine, a machine of a system that this one does not extend, and one with an event of its own
 * that is called like a message.
 */
function validateMachines(where: string, { machines, system }: AnyDesign): void {
  for (const [role, machine] of Object.entries<unknown>(machines)) {
    if (machine === undefined) continue;
    if (!(machine instanceof Machine)) {
      const isXstate = isXstateMachine(machine);
      const cause = `${where}: the machine of '${role}' is ${isXstate ? 'one of xstate itself' : typeof machine}`;
      const remedy = 'make it with `createMachine` of `system.actor`';
      throw new PrecopyError('BAD_DESIGN', cause, isXstate ? `${remedy}; ${xstateGuide}` : remedy);
    }
    const event = Object.keys(machine.definition.events).find((type) => Object.hasOwn(system.spec.messages, type));
    if (event !== undefined) {
      const cause = `${where}: '${event}' is an event of the machine '${machine.id}' and a message of the system '${system.spec.name}'`;
      throw new PrecopyError('BAD_DESIGN', cause, 'rename one of them');
    }
    const missing = missingLayer(machine.definition.system, system);
    if (missing === undefined) continue;
    const { name } = machine.definition.system.spec;
    const cause = `${where}: the machine '${machine.id}' of '${role}' is of the system '${name}', which '${system.spec.name}' does not extend: it has no '${missing.name}'`;
    throw new PrecopyError('BAD_DESIGN', cause, `make its system from '${name}', with extend or combine`);
  }
}
