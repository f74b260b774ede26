import Table from 'cli-table3';
import type { Output } from './console-output.ts';

/** A line of cells, and under it a text over the whole width. */
export interface Row {
  readonly cells: readonly string[];
  readonly text: string;
}

const gap = 2;
const indent = 4;

/** A table without rules. The first column is to the left, numbers are to the right. */
export function table(head: readonly string[], rows: readonly Row[], { width, ink }: Output): string {
  const natural = head.map((title, column) =>
    Math.max(title.length, ...rows.map(({ cells }) => cells[column]?.length ?? 0)),
  );
  const used = natural.reduce((sum, one) => sum + one + gap, 0);
  const made = new Table({
    chars: noRules,
    colWidths: [...natural.map((one) => one + gap), Math.max(1, width - used)],
    colAligns: natural.map((_, column) => (rows.every(({ cells }) => isNumber(cells[column])) ? 'right' : 'left')),
    wordWrap: true,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': gap },
  });
  made.push([...head.map((title) => ink.bold(title)), '']);
  for (const { cells, text } of rows) {
    made.push([...cells, '']);
    made.push([{ content: text, colSpan: head.length + 1, style: { 'padding-left': indent } }]);
  }
  return linesOf(made);
}

/** A table as text, without blanks at the ends of its lines. */
export const linesOf = (table: Table.Table): string =>
  table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');

const isNumber = (cell: string | undefined): boolean => /^[\d,-]+$/.test(cell ?? '');

export const noRules = {
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
