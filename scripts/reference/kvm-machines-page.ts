import {
  type ConfigState,
  configTree,
  listOf,
  transitionsOf,
  withDescendants,
} from '../../src/model/statechart-config.ts';
import { designList, type ExportedMachine, exportedMachines } from './machine-exports.ts';
import { codeList, table } from './markdown.ts';

/** Returns the page of the machines of `precopy/kvm`, by role, in Markdown. */
export async function kvmMachinesPage(): Promise<string> {
  const machines = await exportedMachines();
  const roles = [...new Set(machines.map(roleOf))];
  return [
    '# The machines of precopy/kvm',
    '',
    'The machines of each role, with the paths of their states. `npm run reference` writes this page from `machines`.',
    '`machine.extend({ states })` replaces and adds states; a target names a path. An actor in a state inside of another',
    'has the tags of both, and takes the events of the outer state that the inner one does not take.',
    '',
    ...roles.flatMap((role) => [
      `## Role ${role}`,
      '',
      ...machines.filter((machine) => roleOf(machine) === role).flatMap(machineSection),
    ]),
  ].join('\n');
}

const roleOf = ({ roles }: ExportedMachine): string => roles.join(', ');

const machineSection = ({ name, machine, docstring, designs, file }: ExportedMachine): string[] => [
  `### ${name}`,
  '',
  ...(docstring === '' ? [] : [docstring, '']),
  `\`import { ${name} } from 'precopy/kvm'\`. Id: \`${machine.id}\`. ${usersOf(designs)} Source: [${file}](../../${file}).`,
  '',
  ...table(
    ['state', 'takes', 'tags', 'description'],
    withDescendants(configTree(machine.config))
      .filter(({ path }) => path !== '')
      .map((state) => [
        `\`${state.path}\`${isInitial(state) ? ' (initial)' : ''}`,
        codeList(new Set(transitionsOf(state).flatMap(({ event }) => (event === '' ? [] : [event])))),
        codeList(listOf(state.config['tags']).map(String)),
        String(state.config['description'] ?? ''),
      ]),
  ),
];

/** Returns which designs have a machine as it is. */
const usersOf = (designs: readonly string[]): string =>
  designs.length === 0 ? 'No design has it as it is.' : `Designs: ${designList(designs)}.`;

const isInitial = ({ key, parent }: ConfigState): boolean => parent?.config['initial'] === key;
