import type { ActorCounts } from './actor-definition.ts';
import { declaredNumber } from './declaration-purity.ts';
import type { AnyDesign } from './design.ts';
import { PrecopyError } from './errors.ts';
import type { Machine } from './machine.ts';
import type { Messages } from './messages.ts';
import { didYouMean } from './nearest-name.ts';
import { refuseUnknown } from './refuse-unknown.ts';
import { strictList } from './strict-names.ts';
import type { Roles } from './system-types.ts';
import { isIndexUpTo } from './values.ts';

/** Maximum number of actors of a role. */
const maxActors = 4096;

/** An actor before its cells are placed. Its id is its index in the list. */
export interface ActorSpec {
  /** `vcpu0`; `mmuLock` in a role of one actor */
  readonly name: string;
  readonly role: string;
  /** index in the role */
  readonly nth: number;
  readonly machine: Machine;
}

function refuse({ id }: AnyDesign, what: string, remedy: string): never {
  throw new PrecopyError('BAD_DESIGN', `design ${id} has ${what}`, remedy);
}

/**
 * Refuses a machine without a role, and a role without a machine. An optional role needs one only if it has actors.
 * @throws PrecopyError `BAD_DESIGN`
 */
export function validateRoles(design: AnyDesign): void {
  const roles = design.system.spec.actors as Roles;
  for (const role of Object.keys(design.machines)) {
    if (!Object.hasOwn(roles, role)) {
      const known = Object.keys(roles);
      const guess = didYouMean(role, known);
      refuse(design, `a machine for '${role}', which is not a role${guess}`, `the roles are ${known.join(', ')}`);
    }
    const owner = ownerOf(role, roles[role]);
    if (owner !== role) refuse(design, `a machine for '${role}', which uses that of '${owner}'`, 'remove it');
  }
  for (const [role, spec] of Object.entries(roles)) if (typeof spec !== 'object') machineOf(design, role);
}

const machineOf = (design: AnyDesign, role: string): Machine =>
  design.machines[role] ?? refuse(design, `no machine for the role '${role}'`, 'add one to machines');

/**
 * Returns all actors of a design, role by role.
 * @throws PrecopyError `BAD_DESIGN` if a role that has actors has no machine
 */
export function listActors(design: AnyDesign, params: Readonly<Record<string, number>>): ActorSpec[] {
  const roles = design.system.spec.actors as Roles;
  return Object.entries(roles).flatMap(([role, spec]) => {
    const count = countOf(role, spec, params);
    if (!isIndexUpTo(maxActors, count)) {
      return refuse(design, `${String(count)} actors of the role '${role}'`, `give an integer from 0 to ${maxActors}`);
    }
    if (typeof spec === 'object' && count === 0) return [];
    const machine = machineOf(design, ownerOf(role, spec));
    if (spec === 'one') return [{ name: role, role, nth: 0, machine }];
    return Array.from({ length: count }, (_, nth) => ({ name: `${role}${nth}`, role, nth, machine }));
  });
}

function countOf(role: string, spec: Roles[string], params: Readonly<Record<string, number>>): unknown {
  if (spec === 'one') return 1;
  const count = typeof spec === 'function' ? spec : spec.some;
  return declaredNumber(`the number of actors of the role '${role}'`, () => count(params));
}

/** Returns the role whose machine a role uses. */
const ownerOf = (role: string, spec: Roles[string] | undefined): string =>
  typeof spec === 'object' && 'machineOf' in spec ? spec.machineOf : role;

/** Returns the actor ids by role, as actions and properties get them. */
export function actorIdsByRole(roles: Roles, actors: readonly ActorSpec[]): Record<string, number | number[]> {
  const ids = Object.entries(roles).map(([role, count]) => {
    const all = actors.flatMap((actor, id) => (actor.role === role ? [id] : []));
    return [role, count === 'one' ? all[0] : strictList(all, `the role '${role}'`, 'actor')];
  });
  return { ...Object.fromEntries(ids), nobody: actors.length };
}

/** Returns what registers may depend on besides the params. */
export const actorCounts = (actors: readonly ActorSpec[], messages: Messages): ActorCounts => ({
  actorsThatTake: (message) => {
    refuseUnknown('actorsThatTake', 'message', message, Object.keys(messages));
    return actors.filter(({ machine }) => machine.statechart.events.includes(message)).length;
  },
});
