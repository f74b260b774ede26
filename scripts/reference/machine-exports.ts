import { designs } from '../../machines/designs/index.ts';
import * as kvm from '../../machines/index.ts';
import type { ActorKind } from '../../src/model/actor-definition.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import { Machine } from '../../src/model/machine.ts';
import { constantsIn, docstringOf, machineFiles, moduleOf } from './machine-sources.ts';

/** All shipped designs. */
export const allDesigns = designs as readonly AnyDesign[];

/** A machine that `precopy/kvm` exports. */
export interface ExportedMachine {
  readonly name: string;
  readonly machine: Machine;
  /** the roles that designs give a machine of this id */
  readonly roles: readonly string[];
  /** ids of the designs that have the machine itself */
  readonly designs: readonly string[];
  readonly file: string;
  readonly docstring: string;
}

const machinesOf = ({ machines }: AnyDesign) => Object.entries(machines as Readonly<Record<string, Machine>>);

/** Returns the machines that `precopy/kvm` exports, by role and name. */
export async function exportedMachines(): Promise<ExportedMachine[]> {
  const sources = new Map<unknown, { readonly file: string; readonly docstring: string }>();
  for (const file of machineFiles) {
    const module = await moduleOf(file);
    for (const [name, statement] of constantsIn(file)) {
      if (module[name] instanceof Machine) sources.set(module[name], { file, docstring: docstringOf(statement) });
    }
  }
  const machines = Object.entries(kvm).flatMap(([name, machine]) => {
    const source = sources.get(machine);
    if (!(machine instanceof Machine) || source === undefined) return [];
    const uses = allDesigns.flatMap((design) =>
      machinesOf(design).map(([role, used]) => ({ role, used, design: design.id })),
    );
    const roles = uses.filter(({ used }) => used.id === machine.id).map(({ role }) => role);
    const users = uses.filter(({ used }) => used === machine).map(({ design }) => design);
    return [{ name, machine, roles: [...new Set(roles)], designs: [...new Set(users)], ...source }];
  });
  const order = [...new Set(allDesigns.flatMap(machinesOf).map(([role]) => role))];
  const place = ({ roles: [role = ''] }: ExportedMachine): number => order.indexOf(role);
  return machines.sort((a, b) => place(a) - place(b) || (a.name < b.name ? -1 : 1));
}

/** Returns the kinds of a machine or of an actor that a file exports; none for another export. */
export function lineageOf(exported: unknown): readonly ActorKind[] {
  if (exported instanceof Machine) return exported.definition.lineage;
  const { kind } = (exported ?? {}) as { readonly kind?: ActorKind };
  return kind?.lineage ?? [];
}

/** Returns the designs of a list: `all`, up to five ids, or a number. */
export function designList(ids: readonly string[]): string {
  if (ids.length === 0) return 'mutants only';
  if (ids.length === allDesigns.length) return 'all';
  return ids.length > 5 ? `${ids.length} of ${allDesigns.length}` : ids.join(', ');
}
