import type { ActorSpec } from './actor-list.ts';
import type { CellSpec } from './declare.ts';
import type { AnyDesign } from './design.ts';
import { PrecopyError } from './errors.ts';
import { refuseTakenName, refuseUnknownKeys, unknownName } from './refuse-unknown.ts';
import type { SymmetrySpec } from './symmetry-spec.ts';
import type { Regions } from './system-types.ts';

/** Names of the context of actions and guards, and of the view of properties, beside those of memory regions. */
export const reservedNames = [
  'my',
  'me',
  'nth',
  'params',
  'actors',
  'send',
  'barrier',
  'is',
  'posted',
  'inState',
  'registers',
  'storesAreDrained',
] as const;

/**
 * Refuses memory with a name that is taken, and a declaration of symmetry that names a cell that is not there.
 * @throws PrecopyError `BAD_DESIGN`
 */
export function validateMemory({ system }: AnyDesign, regions: Regions, actors: readonly ActorSpec[]): void {
  const where = `system '${system.spec.name}'`;
  refuseUnknownKeys(`${where}, memory`, regions, Object.keys(regions ?? {}));
  for (const [name, region] of Object.entries(regions)) {
    refuseTakenName(where, 'memory region', name, reservedNames);
    if (actors.some((actor) => actor.name === name)) {
      const cause = `${where}: a memory region and an actor are both called '${name}', so paths of cells are ambiguous`;
      throw new PrecopyError('BAD_DESIGN', cause, 'rename one of them');
    }
    refuseUnknownKeys(`${where}, memory region '${name}'`, region, ['region', 'cells']);
    for (const [cell, spec] of Object.entries(region.cells)) {
      validateCell(`${where}, memory region '${name}'`, 'cell', cell, Array.isArray(spec) ? spec : [spec]);
    }
  }
  if (system.spec.symmetry !== undefined) validateSymmetry(where, system.spec.symmetry, regions, system.spec.actors);
}

/**
 * Refuses registers with a name that is taken.
 * @throws PrecopyError `BAD_DESIGN`
 */
export function validateRegisters(machine: string, registers: Readonly<Record<string, CellSpec>>): void {
  const where = `machine '${machine}'`;
  for (const [name, spec] of Object.entries(registers)) validateCell(where, 'register', name, [spec], ['mailbox']);
}

function validateCell(
  where: string,
  what: string,
  name: string,
  specs: readonly unknown[],
  taken: readonly string[] = [],
): void {
  refuseTakenName(where, what, name, taken);
  for (const spec of specs) {
    if (typeof (spec as CellSpec | undefined)?.place === 'function') continue;
    const remedy = 'declare it: bit(), counter(3), index(pages), bitmap(pages), queue(4, pages), actor(vcpus) ...';
    throw new PrecopyError('BAD_DESIGN', `${where}: the ${what} '${name}' is no cell`, remedy);
  }
}

/** Paths begin with a region or with an actor. Which registers an actor has depends on its machine. */
function validateSymmetry(
  where: string,
  { perProcess, processSets, processIds }: SymmetrySpec,
  regions: Regions,
  roles: Readonly<Record<string, unknown>>,
): void {
  const cells = Object.entries(regions).flatMap(([name, region]) =>
    Object.keys(region.cells).map((cell) => `${name}.${cell}`),
  );
  for (const path of [...perProcess, ...processSets, ...Object.keys(processIds)]) {
    const [first = '', second] = path.split('.');
    const isOfActor = Object.hasOwn(roles, first.replace(/\d+$/, '')) || Object.hasOwn(roles, first);
    if (isOfActor && second !== undefined) continue;
    if (!cells.includes(path)) throw unknownName(`${where}, symmetry`, 'cell', path, cells);
  }
}
