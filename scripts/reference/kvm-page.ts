import * as kvm from '../../machines/index.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import { Machine } from '../../src/model/machine.ts';
import { configTree, listOf, transitionsOf, withDescendants } from '../../src/model/statechart-config.ts';
import { type SourceEntry, type Subject, subjectsIn } from './implementations.ts';
import { allDesigns, designList } from './machine-exports.ts';
import { type Module, machineFiles, moduleOf } from './machine-sources.ts';
import { table } from './markdown.ts';

type Functions = Readonly<Record<string, unknown>>;
/** What has actions and guards: implementations, and the definition of a machine. */
interface Groups {
  readonly actions: Functions;
  readonly guards: Functions;
}

/** Returns the page of the vocabulary of `precopy/kvm`, by subject and by design, in Markdown. */
export async function kvmPage(): Promise<string> {
  const subjects = await Promise.all(
    machineFiles.flatMap((file) =>
      subjectsIn(file).map(async (subject) => ({
        subject,
        module: await moduleOf(file),
      })),
    ),
  );
  const rows = subjects.map(({ subject, module }): Row => {
    const [exportedAs] = Object.entries(kvm).find(([, value]) => value === module[subject.name]) ?? [];
    return { subject, exportedAs, users: usersOf(subject, module) };
  });
  return [
    '# precopy/kvm',
    '',
    'The actions and guards of the shipped machines. `npm run reference` writes this page from `machines`.',
    '',
    'The system and its machines have pages of their own: [kvm-system.md](kvm-system.md) lists params, memory, messages,',
    'roles, events, registers and tags; [kvm-machines.md](kvm-machines.md) lists the machines of each role with their',
    'states.',
    '',
    '## By subject',
    '',
    'A group that has an import is exported by `precopy/kvm`: `actor.use(group)` adds it to a machine of your own. A row',
    'without a docstring shows the code.',
    '',
    ...rows.flatMap(subjectSection),
    '## By design',
    '',
    'The groups of which each design uses an action or a guard, without those that every design uses.',
    '',
    ...designTable(rows),
  ].join('\n');
}

/** Returns the groups of actions and guards among the exports of a module. */
const groupsIn = (module: Module): Groups[] =>
  Object.values(module).flatMap((value) => {
    if (value instanceof Machine) return [value.definition];
    return typeof value === 'object' && value !== null && 'actions' in value && 'guards' in value
      ? [value as Groups]
      : [];
  });

type Users = ReadonlyMap<string, readonly string[]>;

/** The actions and guards that the machines of each design refer to. */
const used = allDesigns.map((design) => ({
  id: design.id,
  action: new Set(usedBy(design, 'action')),
  guard: new Set(usedBy(design, 'guard')),
}));

/** Returns the ids of the designs that refer to each entry of a subject, by name. */
function usersOf({ entries }: Subject, module: Module): Users {
  const groups = groupsIn(module);
  return new Map(
    entries.map(({ kind, name }) => {
      const functions = new Set<unknown>(
        groups.map((group) => group[`${kind}s`][name]).filter((one) => one !== undefined),
      );
      const users = used.filter((design) => [...functions].some((one) => design[kind].has(one)));
      return [name, users.map(({ id }) => id)];
    }),
  );
}

/** Returns the actions or guards that the machines of a design refer to. */
function usedBy({ machines }: AnyDesign, kind: SourceEntry['kind']): unknown[] {
  return Object.values(machines as Readonly<Record<string, Machine>>).flatMap(({ config, definition }) =>
    withDescendants(configTree(config)).flatMap((state) => {
      const transitions = transitionsOf(state).map((transition) => transition.config);
      const references =
        kind === 'guard'
          ? transitions.flatMap(({ guard }) => guardNames(guard))
          : [state.config['entry'], state.config['exit'], ...transitions.map(({ actions }) => actions)].flatMap(listOf);
      return references.map((name) => definition[`${kind}s`][String(name)]);
    }),
  );
}

function guardNames(guard: unknown): string[] {
  if (typeof guard === 'string') return [guard];
  return ((guard as { readonly guards?: readonly unknown[] } | undefined)?.guards ?? []).flatMap(guardNames);
}

interface Row {
  readonly subject: Subject;
  /** its name in `precopy/kvm`, if it has one */
  readonly exportedAs: string | undefined;
  readonly users: Users;
}

function subjectSection({ subject, exportedAs, users }: Row): string[] {
  const { file, name, docstring, actor, entries } = subject;
  const exported = exportedAs === undefined ? '' : `\`import { ${exportedAs} } from 'precopy/kvm'\`. `;
  const of = actor === undefined ? '' : `Actor: \`${actor}\`. `;
  return [
    `### ${name}`,
    '',
    ...(docstring === '' ? [] : [docstring, '']),
    `${exported}${of}Source: [${file}](../../${file}).`,
    '',
    ...table(
      ['name', 'kind', 'what it does', 'designs'],
      entries.map(({ name, kind, does }) => [`\`${name}\``, kind, does, designList(users.get(name) ?? [])]),
    ),
  ];
}

function designTable(rows: readonly Row[]): string[] {
  const uses = rows.map(({ subject, users }) => ({ name: subject.name, ids: new Set([...users.values()].flat()) }));
  const special = uses.filter(({ ids }) => ids.size < allDesigns.length);
  return table(
    ['design', 'groups'],
    allDesigns.map(({ id }) => {
      const names = special.filter(({ ids }) => ids.has(id)).map(({ name }) => `[${name}](#${name.toLowerCase()})`);
      return [`[${id}](../designs/${id}.md)`, [...new Set(names)].join(', ')];
    }),
  );
}
