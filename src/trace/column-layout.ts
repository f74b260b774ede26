import { type Line, lengthOf, type Span, span } from './styled-text.ts';

/** The columns of a page: one per actor, and one for memory to their right, if there is room. */
export interface ColumnLayout {
  /** by participant: offset of its column */
  readonly columnAt: readonly number[];
  /** end of the text of all columns */
  readonly textEnd: number;
  /** offset of the memory column; undefined if memory is printed below the text */
  readonly memoryAt: number | undefined;
  readonly width: number;
}

const minText = 26;
const minMemory = 30;
const minColumn = 6;
const gap = 2;

/**
 * Divides the width of a page. A column is as wide as its name, or narrower if there is no room: its text may cover the
 * columns to its right, since one actor acts on a line. So only the last column needs room for text.
 */
export function layoutColumns(names: readonly string[], gutter: number, width: number): ColumnLayout {
  const before = names.slice(0, -1);
  const beside = gutter + before.length * minColumn + minText + gap + minMemory <= width;
  const memory = beside ? Math.max(minMemory, Math.floor(width * 0.36)) : 0;
  const room = width - gutter - minText - (beside ? memory + gap : 0);
  const widths = shrink(
    before.map(({ length }) => length + gap),
    room,
  );
  const columnAt = [gutter];
  for (const column of widths) columnAt.push((columnAt.at(-1) as number) + column);
  const memoryAt = beside ? width - memory : undefined;
  return { columnAt, textEnd: memoryAt === undefined ? width : memoryAt - gap, memoryAt, width };
}

/** Narrows the widest columns until their sum fits. */
function shrink(widths: readonly number[], room: number): number[] {
  const fitting = [...widths];
  let sum = fitting.reduce((a, b) => a + b, 0);
  while (sum > room && Math.max(...fitting) > 2) {
    const widest = fitting.indexOf(Math.max(...fitting));
    fitting[widest] = (fitting[widest] as number) - 1;
    sum--;
  }
  return fitting;
}

/** Text at an offset of a line. */
export interface PositionedText {
  readonly at: number;
  readonly spans: readonly Span[];
}

/** Joins texts to one line, each at its offset. */
export function setLine(pieces: readonly PositionedText[]): Line {
  const line: Span[] = [];
  let end = 0;
  for (const { at, spans } of [...pieces].sort((a, b) => a.at - b.at)) {
    if (at > end) line.push(span(' '.repeat(at - end)));
    line.push(...spans);
    end = Math.max(at, end) + lengthOf(spans);
  }
  return line;
}

/** Returns the bars of the columns that text between `from` and `to` does not cover. */
export function bars(layout: ColumnLayout, from: number, to: number): PositionedText[] {
  return layout.columnAt.filter((at) => at < from || at > to).map((at) => ({ at, spans: [span('|', 'faint')] }));
}

/** Returns the names above their columns, on as many lines as needed so that none covers another. */
export function header(names: readonly string[], layout: ColumnLayout): Line[] {
  const rows: { column: number; end: number }[][] = [];
  names.forEach((name, column) => {
    const at = layout.columnAt[column] as number;
    const row = rows.find((placed) => (placed.at(-1)?.end ?? 0) < at) ?? rows[rows.push([]) - 1];
    row?.push({ column, end: at + name.length });
  });
  return rows.map((row, depth) => {
    const named = row.map(({ column }) => ({
      at: layout.columnAt[column] as number,
      spans: [span(names[column] as string, 'event')],
    }));
    const above = rows.slice(0, depth).flatMap((upper) => upper.map(({ column }) => layout.columnAt[column] as number));
    const free = above.filter(
      (at) => !row.some(({ column, end }) => at >= (layout.columnAt[column] as number) && at <= end),
    );
    return setLine([...named, ...free.map((at) => ({ at, spans: [span('|', 'faint')] }))]);
  });
}
