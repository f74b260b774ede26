import Table from 'cli-table3';
import type { Output } from './console-output.ts';
import { columnsOf, wrap } from './wrap.ts';

/** A line of cells, and under it a text over the whole width. */
export interface Row {
  readonly cells: readonly string[];
  readonly text?: string;
}

const gap = 2;
const textIndent = 4;

/**
 * Formats a table without rules. Columns of numbers, or those of `right`, are aligned to the right. A table that is
 * wider than the output becomes a list: the first cell of a row, and under it each other cell after its title.
 */
export function table(
  head: readonly string[],
  rows: readonly Row[],
  output: Pick<Output, 'width' | 'ink'>,
  right?: readonly boolean[],
): string {
  const widths = head.map((title, column) =>
    Math.max(columnsOf(title), ...rows.map(({ cells }) => columnsOf(cells[column] ?? ''))),
  );
  const used = widths.reduce((sum, one) => sum + one + gap, 0) - gap;
  if (used > output.width) return list(head, rows, output);
  const made = new Table({
    chars: noRules,
    colWidths: [...widths.map((one) => one + gap), Math.max(1, output.width - used - gap)],
    colAligns: widths.map((_, column) =>
      (right?.[column] ?? rows.every(({ cells }) => isNumber(cells[column]))) ? 'right' : 'left',
    ),
    wordWrap: true,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': gap },
  });
  made.push([...head.map((title) => output.ink.bold(title)), '']);
  for (const { cells, text } of rows) {
    made.push([...cells, '']);
    if (text !== undefined) {
      made.push([{ content: text, colSpan: head.length + 1, style: { 'padding-left': textIndent } }]);
    }
  }
  return trimLines(made.toString());
}

/** Formats the rows of a table one under the other. */
function list(head: readonly string[], rows: readonly Row[], { width, ink }: Pick<Output, 'width' | 'ink'>): string {
  return rows
    .flatMap(({ cells: [first = '', ...others], text }) => {
      const pairs = others.flatMap((cell, n) => (head[n + 1] && cell !== '' ? [`${head[n + 1]} ${cell}`] : []));
      return [
        wrap(ink.bold(first), width, { hanging: textIndent }),
        ...fill(pairs, width - gap).map((line) => ' '.repeat(gap) + line),
        ...(text === undefined ? [] : [wrap(text, width, { indent: textIndent })]),
      ];
    })
    .join('\n');
}

/** Joins items to lines that fit the width; an item stays on one line where it can. */
function fill(items: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const [n, item] of items.entries()) {
    const text = n < items.length - 1 ? `${item},` : item;
    const last = lines.at(-1);
    if (last !== undefined && columnsOf(last) + 1 + columnsOf(text) <= width)
      lines[lines.length - 1] = `${last} ${text}`;
    else lines.push(text);
  }
  return lines;
}

const trimLines = (text: string): string =>
  text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');

const isNumber = (cell: string | undefined): boolean => /^[\d,-]+$/.test(cell ?? '');

const noRules = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
};
