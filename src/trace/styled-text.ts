/** The meaning of a text, from which a renderer chooses its color. */
export type Style = 'plain' | 'faint' | 'event' | 'changed' | 'alarm';

/** A text in one style. */
export interface Span {
  readonly text: string;
  readonly style: Style;
}

/** Spans that `wrap` keeps on one line, if they fit. */
export type Word = readonly Span[];

/** Spans of one line. */
export type Line = readonly Span[];

export const span = (text: string, style: Style = 'plain'): Span => ({ text, style });
export const word = (text: string, style: Style = 'plain'): Word => [span(text, style)];

/** Merges adjacent spans of the same style. */
export function mergeSpans(line: Line): Line {
  const spans: Span[] = [];
  for (const { text, style } of line) {
    const last = spans.at(-1);
    if (last?.style === style) spans[spans.length - 1] = span(last.text + text, style);
    else spans.push(span(text, style));
  }
  return spans;
}

export const lengthOf = (spans: readonly Span[]): number => spans.reduce((sum, { text }) => sum + text.length, 0);

/**
 * Fills lines of at most `width` characters, and indents all but the first. Breaks a word that is too long for a line.
 */
export function wrap(words: readonly Word[], pageWidth: number, indent = 0): Line[] {
  const width = Math.max(pageWidth, indent + 1);
  const margin = span(' '.repeat(indent));
  const lines: Span[][] = [];
  let line: Span[] = [];
  const startLine = (): void => {
    if (line.length > 0) lines.push(line);
    line = lines.length > 0 && indent > 0 ? [margin] : [];
  };
  const isEmpty = (): boolean => line.length === 0 || (line.length === 1 && line[0] === margin);
  for (let rest of words) {
    if (!isEmpty() && lengthOf(line) + 1 + lengthOf(rest) > width) startLine();
    while (lengthOf(line) + lengthOf(rest) > width) {
      const [head, tail] = breakWord(rest, Math.max(1, width - lengthOf(line)));
      line.push(...head);
      startLine();
      rest = tail;
    }
    if (!isEmpty()) line.push(span(' ', line.at(-1)?.style === rest[0]?.style ? rest[0]?.style : 'plain'));
    line.push(...rest);
  }
  if (!isEmpty()) lines.push(line);
  return lines;
}

/** Breaks a word after the last blank, arrow or dot that fits, else anywhere. */
function breakWord(spans: Word, width: number): [Word, Word] {
  const text = spans.map((one) => one.text).join('');
  const fits = text.slice(0, width);
  const places = [fits.lastIndexOf(' ') + 1, fits.lastIndexOf('->') + 2, fits.lastIndexOf('.') + 1];
  const best = Math.max(...places.filter((place) => place > width / 3), 0);
  const end = best > 0 && best <= width ? best : width;
  return [trimEnd(cut(spans, 0, end)), cut(spans, end, text.length)];
}

function cut(spans: Word, from: number, to: number): Span[] {
  let at = 0;
  return spans.flatMap(({ text, style }) => {
    const start = at;
    at += text.length;
    const kept = text.slice(Math.max(0, from - start), Math.max(0, to - start));
    return kept === '' ? [] : [span(kept, style)];
  });
}

function trimEnd(spans: Span[]): Span[] {
  const last = spans.at(-1);
  return last ? [...spans.slice(0, -1), span(last.text.trimEnd(), last.style)] : spans;
}
