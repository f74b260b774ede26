import { type Line, lengthOf, part, type Span } from './styled-text.ts';

/** A lane for each actor, side by side, and memory to the right of all where there is room for it. */
export interface ColumnLayout {
  /** where each lane begins */
  readonly at: readonly number[];
  /** where text of any lane has to end */
  readonly textEnd: number;
  /** where memory begins, if it stands beside */
  readonly memoryAt: number | undefined;
  readonly width: number;
}

const leastText = 26;
const leastMemory = 30;
const leastLane = 6;
const gap = 2;

/**
 * Divides the width. A lane is as wide as its name, or narrower where there is no room for that: text may run on over the lanes to its
 * right, as only one actor acts on a line. So only the last lane needs room for text.
 */
export function layoutColumns(names: readonly string[], gutter: number, width: number): ColumnLayout {
  const before = names.slice(0, -1);
  const beside = gutter + before.length * leastLane + leastText + gap + leastMemory <= width;
  const memory = beside ? Math.max(leastMemory, Math.floor(width * 0.36)) : 0;
  const room = width - gutter - leastText - (beside ? memory + gap : 0);
  const widths = shrink(
    before.map(({ length }) => length + gap),
    room,
  );
  const at = [gutter];
  for (const lane of widths) at.push((at.at(-1) as number) + lane);
  const memoryAt = beside ? width - memory : undefined;
  return { at, textEnd: memoryAt === undefined ? width : memoryAt - gap, memoryAt, width };
}

/** Takes from the widest until the sum fits. */
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

/** Something that stands at a certain place of a line. */
export interface PositionedText {
  readonly at: number;
  readonly parts: readonly Span[];
}

/** Sets pieces into one line, each at its place. */
export function setLine(pieces: readonly PositionedText[]): Line {
  const line: Span[] = [];
  let end = 0;
  for (const { at, parts } of [...pieces].sort((a, b) => a.at - b.at)) {
    if (at > end) line.push(part(' '.repeat(at - end)));
    line.push(...parts);
    end = Math.max(at, end) + lengthOf(parts);
  }
  return line;
}

/** Bars of the lanes that no text covers between `from` and `to`. */
export function bars(lanes: ColumnLayout, from: number, to: number): PositionedText[] {
  return lanes.at.filter((at) => at < from || at > to).map((at) => ({ at, parts: [part('|', 'faint')] }));
}

/** The names above their lanes, on as many lines as it takes for none to cover another. */
export function header(names: readonly string[], lanes: ColumnLayout): Line[] {
  const rows: { lane: number; end: number }[][] = [];
  names.forEach((name, lane) => {
    const at = lanes.at[lane] as number;
    const row = rows.find((placed) => (placed.at(-1)?.end ?? 0) < at) ?? rows[rows.push([]) - 1];
    row?.push({ lane, end: at + name.length });
  });
  return rows.map((row, depth) => {
    const named = row.map(({ lane }) => ({
      at: lanes.at[lane] as number,
      parts: [part(names[lane] as string, 'event')],
    }));
    const above = rows.slice(0, depth).flatMap((upper) => upper.map(({ lane }) => lanes.at[lane] as number));
    const free = above.filter((at) => !row.some(({ lane, end }) => at >= (lanes.at[lane] as number) && at <= end));
    return setLine([...named, ...free.map((at) => ({ at, parts: [part('|', 'faint')] }))]);
  });
}
