import type { AnyDesign } from './design.ts';
import { PrecopyError } from './errors.ts';
import type { Machine } from './machine.ts';
import type { Roles } from './system-types.ts';

/** Who plays: one actor, before memory is laid out. Its number is its place in the cast. */
export interface ActorSpec {
  /** `vcpu0`; `mmuLock` where one actor plays the role */
  readonly name: string;
  readonly role: string;
  /** which of the actors of its role this one is, from 0 */
  readonly nth: number;
  readonly machine: Machine;
}

/**
 * All actors of a design at the given sizes, role by role.
 * @throws PrecopyError `BAD_DESIGN` for a role without a machine, or a machine without a role
 */
export function listActors(design: AnyDesign, params: Readonly<Record<string, number>>): ActorSpec[] {
  const roles = design.system.spec.actors as Roles;
  const refuse = (what: string, remedy: string): never => {
    throw new PrecopyError('BAD_DESIGN', `design ${design.id} has ${what}`, remedy);
  };
  for (const role of Object.keys(design.machines)) {
    if (!Object.hasOwn(roles, role)) refuse(`a machine for '${role}', which is no role`, 'remove it');
    const owner = ownerOf(role, roles[role]);
    if (owner !== role) refuse(`a machine for '${role}', which has that of '${owner}'`, 'remove it');
  }
  return Object.entries(roles).flatMap(([role, spec]) => {
    const count = spec === 'one' ? 1 : typeof spec === 'function' ? spec(params) : spec.some(params);
    if (typeof spec === 'object' && count === 0) return [];
    const owner = ownerOf(role, spec);
    const machine: Machine =
      design.machines[owner] ?? refuse(`no machine for the role '${owner}'`, 'add one to machines');
    if (spec === 'one') return [{ name: role, role, nth: 0, machine }];
    return Array.from({ length: count }, (_, nth) => ({ name: `${role}${nth}`, role, nth, machine }));
  });
}

/** The role whose machine a role has. */
const ownerOf = (role: string, spec: Roles[string] | undefined): string =>
  typeof spec === 'object' && 'machineOf' in spec ? spec.machineOf : role;

/** The numbers of the actors by role, as actions and properties get them. */
export function actorIdsByRole(roles: Roles, cast: readonly ActorSpec[]): Record<string, number | number[]> {
  const numbers = Object.entries(roles).map(([role, count]) => {
    const all = cast.flatMap((part, number) => (part.role === role ? [number] : []));
    return [role, count === 'one' ? all[0] : all];
  });
  return { ...Object.fromEntries(numbers), nobody: cast.length };
}
