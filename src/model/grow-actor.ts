import type { ActorKind, DeclareRegisters } from './actor-definition.ts';
import { PrecopyError } from './errors.ts';
import { missingLayer, type SystemLineage } from './system-lineage.ts';
import { validateActor } from './validate-actor.ts';

/**
 * Returns a kind of actor with more events and registers, in a system that extends that of the kind.
 * @throws PrecopyError `BAD_DESIGN` if it does not, or if a name is taken
 */
export function growActor(
  base: ActorKind,
  system: SystemLineage,
  added: { readonly events?: ActorKind['events']; readonly registers?: DeclareRegisters },
): ActorKind {
  const missing = missingLayer(base.system, system);
  if (missing !== undefined) {
    const cause = `an actor of the system '${base.system.spec.name}' is extended in '${system.spec.name}', which has no '${missing.name}'`;
    throw new PrecopyError('BAD_DESIGN', cause, 'call `extendActor` of a system that extends that of the actor');
  }
  const { events = {}, registers } = added;
  validateActor({ ...added, events });
  for (const type of Object.keys(events)) if (Object.hasOwn(base.events, type)) refuseTwice('event', type);
  const lineage: ActorKind[] = [...base.lineage];
  const kind = {
    system,
    lineage,
    events: { ...base.events, ...events },
    registers: registers === undefined ? base.registers : bothRegisters(base.registers, registers),
  };
  lineage.push(kind);
  return kind;
}

function bothRegisters(base: DeclareRegisters, added: DeclareRegisters): DeclareRegisters {
  return (params, counts) => {
    const [first, second] = [base(params, counts), added(params, counts)];
    for (const name of Object.keys(second)) if (Object.hasOwn(first, name)) refuseTwice('register', name);
    return { ...first, ...second };
  };
}

function refuseTwice(what: string, name: string): never {
  const cause = `an extended actor declares the ${what} '${name}', which the actor has`;
  throw new PrecopyError('BAD_DESIGN', cause, 'rename it, or use that of the actor');
}
