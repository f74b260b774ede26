import type { Output } from './console-output.ts';
import { columnsOf, wrap } from './wrap.ts';

/** A column of rows that are printed one by one, before the later ones are known. */
export interface Column {
  readonly title: string;
  /** usual width of a cell; a longer cell moves the cells to its right as far as they leave no room */
  readonly width: number;
  /** whether its cells are aligned to the right, such as numbers */
  readonly right?: boolean;
}

const gap = 2;
const hanging = 4;
/** A first column that is narrower holds too few names. */
const leastFirst = 20;

/** Formats rows to a width, one at a time. */
export class RowFormat {
  private readonly starts: readonly number[];
  private readonly areAligned: boolean;

  /** @param columns of which the first one is narrowed where they are wider than the output */
  constructor(
    private readonly columns: readonly Column[],
    private readonly output: Pick<Output, 'width' | 'ink'>,
  ) {
    const [first, ...others] = columns;
    const used = others.reduce((sum, { width }) => sum + gap + width, 0);
    const firstWidth = Math.min(first?.width ?? 0, output.width - used);
    this.areAligned = firstWidth >= Math.min(leastFirst, first?.width ?? 0);
    let start = 0;
    this.starts = columns.map(({ width }, n) => {
      const at = start;
      start += (n === 0 ? firstWidth : width) + gap;
      return at;
    });
  }

  /** Formats the titles of the columns. Returns `undefined` if no row has columns. */
  titles(): string | undefined {
    if (!this.areAligned) return undefined;
    return this.aligned(this.columns.map(({ title }) => this.output.ink.bold(title)));
  }

  /**
   * Formats a row. The last cell is wrapped in its column. A row that is wider than the output becomes a text, in which
   * each number follows its title.
   */
  row(cells: readonly string[]): string {
    const { columns, output } = this;
    const text = this.areAligned ? this.aligned(cells) : undefined;
    if (text !== undefined) return text;
    const words = cells.map((cell, n) => (columns[n]?.right ? `${columns[n].title} ${cell}` : cell));
    return wrap(words.filter((word) => word !== '').join('  '), output.width, { hanging });
  }

  private aligned(cells: readonly string[]): string | undefined {
    const { columns, starts, output } = this;
    let line = '';
    for (const [n, column] of columns.entries()) {
      const cell = cells[n] ?? '';
      const start = (starts[n] as number) + (column.right ? column.width - columnsOf(cell) : 0);
      const blanks = Math.max(start - columnsOf(line), n === 0 ? 0 : gap);
      const at = columnsOf(line) + blanks;
      const isLast = n === columns.length - 1;
      if (isLast && at + columnsOf(cell) > output.width && output.width - at >= column.width) {
        return line + ' '.repeat(blanks) + wrap(cell, output.width - at).replaceAll('\n', `\n${' '.repeat(at)}`);
      }
      line += ' '.repeat(blanks) + cell;
    }
    return columnsOf(line.trimEnd()) <= output.width ? line.trimEnd() : undefined;
  }
}
