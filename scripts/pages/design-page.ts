import type { AnyStateNode } from 'xstate';
import type { Comparison } from '../../machines/designs/comparison.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import type { Machine } from '../../src/model/machine.ts';
import type { Property } from '../../src/model/property.ts';
import { pathOf } from '../../src/model/statechart.ts';
import type { PinnedCount } from '../../test/search/pinned-count.ts';

/** Everything that the page of a design shows. */
export interface DesignFacts {
  readonly design: AnyDesign;
  readonly comparison: Comparison;
  /** the pictures of its machines, by role */
  readonly pictures: Readonly<Record<string, string>>;
  readonly counts: readonly PinnedCount[];
  readonly mutants: readonly AnyDesign[];
  /** the number of steps of the shortest counterexample, by mutant */
  readonly stepsOf: Readonly<Record<string, number>>;
}

/** Returns the page of one design, in Markdown. */
export function designPage(facts: DesignFacts): string {
  const { design, comparison, pictures } = facts;
  const { getDirtyLog, vcpu } = design.machines as Record<string, Machine>;
  return [
    `# ${design.id}`,
    '',
    `${sentence(design.title)} ${sourceOf(design.source)}`,
    '',
    ...summary(comparison),
    '',
    '## Ordering rule',
    '',
    comparison.rule,
    '',
    ...machineSection('GET_DIRTY_LOG', getDirtyLog as Machine, pictures['getDirtyLog'] as string),
    ...machineSection('vCPU', vcpu as Machine, pictures['vcpu'] as string),
    `The other actors: ${Object.entries(pictures)
      .filter(([role]) => role !== 'getDirtyLog' && role !== 'vcpu')
      .map(([role, file]) => `[${role}](${file})`)
      .join(', ')}.`,
    '',
    ...verdicts(facts),
    ...bugs(facts),
  ].join('\n');
}

const summary = ({ talk, hold, heldFor, pays, faultsPerPage, machine }: Comparison): string[] =>
  rows(
    ['', ''],
    [
      ['the talk', talk],
      ['`mmu_lock` is held', `${hold}: ${heldFor}`],
      ['who pays', pays],
      ['write faults per page and round', faultsPerPage],
      ['machine', `[\`${machine}\`](../../${machine})`],
    ],
  );

/** A statechart, and beside it the operation of the kernel that each of its states stands for. */
function machineSection(name: string, { statechart }: Machine, picture: string): string[] {
  const described = (node: AnyStateNode): string[][] => [
    ...(node.description ? [[`\`${pathOf(node)}\``, `\`${node.description}\``]] : []),
    ...(Object.values(node.states) as AnyStateNode[]).flatMap(described),
  ];
  return [
    `## ${name}`,
    '',
    `![Statechart of ${name}](${picture})`,
    '',
    ...rows(['state', 'operation'], described(statechart.root)),
    '',
  ];
}

function verdicts({ design: { id, properties }, counts }: DesignFacts): string[] {
  const listed = (...kinds: readonly Property['kind'][]): string[] =>
    (properties as readonly Property[])
      .filter(({ kind }) => kinds.includes(kind))
      .map(({ id, description }) => `* \`${id}\`: ${description}`);
  return [
    '## Verdicts',
    '',
    `\`npx precopy check ${id}\`. Complete searches: every property holds. Tests pin the counts.`,
    '',
    ...rows(
      ['parameters', 'states', 'transitions', 'depth', 'covers out of reach'],
      counts.map(({ params, states, transitions, depth, missed = [] }) => [
        Object.entries(params)
          .map(([name, value]) => `${name} ${value}`)
          .join(', '),
        ...[states, transitions, depth].map((count) => count.toLocaleString('en-US')),
        missed.map((cover) => `\`${cover}\``).join(', '),
      ]),
    ),
    '',
    'Invariants:',
    '',
    ...listed('invariant', 'deadlock'),
    '',
    'Liveness, under weak fairness:',
    '',
    ...listed('leads-to'),
    '',
    'Covers, which some run has to hit:',
    '',
    ...listed('cover'),
    '',
  ];
}

function bugs({ design: { id }, mutants, stepsOf }: DesignFacts): string[] {
  if (mutants.length === 0)
    return ['## Mutants', '', 'None of its own: mutants of its base design cover its steps.', ''];
  return [
    '## Mutants',
    '',
    `\`npx precopy check --mutants ${id}\` puts each of these bugs back and finds it. "Steps" is the length of the shortest counterexample,`,
    'with the log on from the start (`--param loggingOn=1`) unless the bug is in switching it on.',
    '',
    ...rows(
      ['mutant', 'bug', 'fixed by', 'breaks', 'steps'],
      mutants.map((mutant) => bugRow(mutant, stepsOf)),
    ),
    '',
  ];
}

function bugRow({ id, mutation, mutantOf }: AnyDesign, stepsOf: Readonly<Record<string, number>>): string[] {
  const name = `\`${id.slice((mutantOf as string).length + 1)}\``;
  return [name, mutation?.bug ?? '', mutation?.fixedBy ?? '', `\`${mutation?.breaks}\``, String(stepsOf[id])];
}

function sourceOf(source: AnyDesign['source']): string {
  if (!source) return '';
  const { version, commit, functions = [] } = source;
  const names = functions.map((name) => `\`${name}\``).join(', ');
  return `${sentence(version + (commit ? ` (${commit})` : ''))}${names && ` Mirrors ${names}.`}`;
}

const sentence = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`;

function rows(head: readonly string[], body: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...body.map(line)];
}
