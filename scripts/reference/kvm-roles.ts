import * as kvm from '../../machines/index.ts';
import type { ActorKind } from '../../src/model/actor-definition.ts';
import { type ActorDeclaration, actorDeclarations } from './actor-declarations.ts';
import { type ExportedMachine, exportedMachines, lineageOf } from './machine-exports.ts';
import { moduleOf } from './machine-sources.ts';
import { table } from './markdown.ts';
import { type RoleDeclaration, roleDeclarations } from './system-declarations.ts';

/** An actor of the shipped machines, with the machines that are made of it. */
interface Actor extends ActorDeclaration {
  readonly exported: unknown;
  readonly machines: readonly ExportedMachine[];
}

/** Returns the roles of the shipped systems, and the actors that their machines are made of. */
export async function rolesSection(): Promise<string[]> {
  const machines = await exportedMachines();
  const actors = await actorsOf(machines);
  return [
    '## Roles',
    '',
    'The number of actors is an expression of the params. A design has a machine for each role of its system that is not',
    'optional. [Actors](#actors) declare events and registers.',
    '',
    ...table(
      ['role', 'actors', 'made of', 'machines of precopy/kvm'],
      roleDeclarations().map((role) => roleRow(role, machines, actors)),
    ),
    '## Actors',
    '',
    'A machine takes those events of its actor for which its states have a transition, and messages. Of an event with a',
    'payload, the search tries the values from 0 to the number of payloads minus 1. An optional event is not subject to',
    'fairness.',
    '',
    ...actors.flatMap(actorSection),
  ];
}

function roleRow(role: RoleDeclaration, machines: readonly ExportedMachine[], actors: readonly Actor[]): string[] {
  const name = role.machineOf ?? role.name;
  const serves = ({ roles }: ExportedMachine): boolean => roles.includes(name);
  const made = actors.filter((actor) => actor.machines.some(serves));
  return [
    `\`${role.name}\``,
    role.isOptional ? `\`${role.count}\`, optional` : `\`${role.count}\``,
    made.map((actor) => `[${actor.name}](#${actor.name.toLowerCase()})`).join(', '),
    role.machineOf === undefined ? machineLinks(machines.filter(serves)) : `those of \`${role.machineOf}\``,
  ];
}

const machineLinks = (machines: readonly ExportedMachine[]): string =>
  machines.map(({ name }) => `[${name}](kvm-machines.md#${name.toLowerCase()})`).join(', ');

const roleLinks = (machines: readonly ExportedMachine[]): string =>
  [...new Set(machines.flatMap(({ roles }) => roles))]
    .map((role) => `[${role}](kvm-machines.md#role-${role.toLowerCase()})`)
    .join(', ');

/**
 * Returns the actors that the shipped files declare, in the order of their machines. Machines of no declared actor come
 * from the function that makes locks.
 */
async function actorsOf(machines: readonly ExportedMachine[]): Promise<Actor[]> {
  const declared = await Promise.all(
    actorDeclarations().map(async (actor) => ({ ...actor, exported: (await moduleOf(actor.file))[actor.name] })),
  );
  const kinds = new Map(declared.map(({ exported, name }) => [lineageOf(exported).at(-1), name]));
  const makers = declared.filter(({ exported }) => typeof exported === 'function');
  if (makers.length !== 1) throw new Error(`one function makes machines: ${makers.map(({ name }) => name).join(', ')}`);
  const ownerOf = (lineage: readonly ActorKind[]): string | undefined =>
    lineage.map((kind) => kinds.get(kind)).findLast((name) => name !== undefined) ?? makers[0]?.name;
  const actors = declared.map((actor) => ({
    ...actor,
    machines: machines.filter(({ machine }) => ownerOf(machine.definition.lineage) === actor.name),
  }));
  const place = ({ machines: [first] }: Actor): number => (first ? machines.indexOf(first) : machines.length);
  return actors.sort((a, b) => place(a) - place(b));
}

function actorSection({ file, name, docstring, extended, events, registers, exported, machines }: Actor): string[] {
  const [exportedAs] = Object.entries(kvm).find(([, value]) => value === exported) ?? [];
  return [
    `### ${name}`,
    '',
    ...(docstring === '' ? [] : [docstring, '']),
    [
      exportedAs === undefined ? '' : `\`import { ${exportedAs} } from 'precopy/kvm'\`. `,
      extended === undefined ? '' : `Extends [${extended}](#${extended.toLowerCase()}). `,
      `Roles: ${roleLinks(machines)}. Source: [${file}](../../${file}).`,
    ].join(''),
    '',
    ...(events.length === 0
      ? ['No events of its own: it takes messages only.', '']
      : table(
          ['event', 'payload', 'number of payloads', 'optional', 'description'],
          events.map((event) => [
            `\`${event.name}\``,
            event.field === undefined ? '' : `\`event.${event.field}\``,
            event.size === '' ? '' : `\`${event.size}\``,
            event.isOptional ? 'yes' : '',
            event.docstring,
          ]),
        )),
    ...(registers.length === 0
      ? []
      : table(
          ['register', 'declaration', 'description'],
          registers.map((register) => [`\`my.${register.name}\``, `\`${register.code}\``, register.docstring]),
        )),
  ];
}
