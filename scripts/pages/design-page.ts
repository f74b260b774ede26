import type { Comparison } from '../../machines/comparison.ts';
import type { AnyDesign } from '../../src/model/design.ts';
import type { Property } from '../../src/model/property.ts';

/** What complete searches have found at some size. */
export interface Found {
  readonly design: string;
  readonly params: Readonly<Record<string, number>>;
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
  /** covers that cannot be hit at this size */
  readonly missed?: readonly string[];
}

/** The page of one design, in Markdown. `pictures` are the files of its machines, by role. */
export function designPage(
  design: AnyDesign,
  told: Comparison,
  pictures: Readonly<Record<string, string>>,
  counts: readonly Found[],
  mutants: readonly AnyDesign[],
  stepsOf: Readonly<Record<string, number>>,
): string {
  const { id, title, source, properties } = design;
  const all = properties as readonly Property[];
  const listed = (...kinds: readonly Property['kind'][]): string[] =>
    all.filter(({ kind }) => kinds.includes(kind)).map(({ id, description }) => `* \`${id}\`: ${description}`);
  return [
    `# ${id}`,
    '',
    `${sentence(title)} ${sourceOf(source)}`,
    '',
    ...rows(
      ['', ''],
      [
        ['the talk', told.talk],
        ['`mmu_lock` is held', `${told.hold}: ${told.heldFor}`],
        ['who pays', told.pays],
        ['write faults a page and round', told.faultsPerPage],
        ['machine', `[\`${told.machine}\`](../../${told.machine})`],
      ],
    ),
    '',
    '## The rule that it lives by',
    '',
    told.rule,
    '',
    '## GET_DIRTY_LOG',
    '',
    `![Statechart of GET_DIRTY_LOG](${pictures['getDirtyLog']})`,
    '',
    `The other actors: ${Object.entries(pictures)
      .filter(([role]) => role !== 'getDirtyLog')
      .map(([role, file]) => `[${role}](${file})`)
      .join(', ')}.`,
    '',
    '## Verdicts',
    '',
    `\`npx precopy check ${id}\`. Complete searches: every property holds. The counts are pinned by tests.`,
    '',
    ...rows(
      ['sizes', 'states', 'transitions', 'depth', 'covers too large for this size'],
      counts.map(({ params, states, transitions, depth, missed = [] }) => [
        Object.entries(params)
          .map(([name, value]) => `${name} ${value}`)
          .join(', '),
        ...[states, transitions, depth].map((count) => count.toLocaleString('en-US')),
        missed.map((cover) => `\`${cover}\``).join(', '),
      ]),
    ),
    '',
    'What holds:',
    '',
    ...listed('invariant', 'deadlock'),
    '',
    'What always comes in the end, as long as every actor goes on:',
    '',
    ...listed('leads-to'),
    '',
    'What has to happen somewhere, or the verdict means little:',
    '',
    ...listed('cover'),
    '',
    '## Its bugs',
    '',
    ...(mutants.length === 0
      ? ['None of its own: its steps are those of designs whose bugs are listed there.']
      : [
          `\`npx precopy check --mutants ${id}\` puts each of them back and finds it. Steps are those of the shortest race, or of a lasso, with`,
          'the log on from the start (`--param loggingOn=1`) unless the bug is in switching it on.',
          '',
          ...rows(
            ['mutant', 'puts back', 'fixed by', 'breaks', 'steps'],
            mutants.map((mutant) => bugRow(mutant, stepsOf)),
          ),
        ]),
    '',
  ].join('\n');
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
