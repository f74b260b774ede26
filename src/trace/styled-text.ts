/** What a piece of text is, for those who show it in colour. */
export type Style = 'plain' | 'faint' | 'event' | 'changed' | 'alarm';

/** A piece of text in one ink. */
export interface Span {
  readonly text: string;
  readonly ink: Style;
}

/** Parts that stay on one line where they fit. */
export type Word = readonly Span[];

/** Words as they stand on one line. */
export type Line = readonly Span[];

export const part = (text: string, ink: Style = 'plain'): Span => ({ text, ink });
export const word = (text: string, ink: Style = 'plain'): Word => [part(text, ink)];

/** Neighbours of one ink as one part. */
export function joined(line: Line): Line {
  const parts: Span[] = [];
  for (const { text, ink } of line) {
    const last = parts.at(-1);
    if (last?.ink === ink) parts[parts.length - 1] = part(last.text + text, ink);
    else parts.push(part(text, ink));
  }
  return parts;
}

export const lengthOf = (parts: readonly Span[]): number => parts.reduce((sum, { text }) => sum + text.length, 0);

/** Fills lines of at most `width` characters; lines after the first are indented. A word that is too long for a line is broken. */
export function wrap(words: readonly Word[], pageWidth: number, indent = 0): Line[] {
  const width = Math.max(pageWidth, indent + 1);
  const margin = part(' '.repeat(indent));
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
    if (!isEmpty()) line.push(part(' ', line.at(-1)?.ink === rest[0]?.ink ? rest[0]?.ink : 'plain'));
    line.push(...rest);
  }
  if (!isEmpty()) lines.push(line);
  return lines;
}

/** Breaks a word after the last blank, arrow or dot that fits, or else anywhere. */
function breakWord(parts: Word, width: number): [Word, Word] {
  const text = parts.map((one) => one.text).join('');
  const fits = text.slice(0, width);
  const places = [fits.lastIndexOf(' ') + 1, fits.lastIndexOf('->') + 2, fits.lastIndexOf('.') + 1];
  const best = Math.max(...places.filter((place) => place > width / 3), 0);
  const end = best > 0 && best <= width ? best : width;
  return [trimEnd(cut(parts, 0, end)), cut(parts, end, text.length)];
}

function cut(parts: Word, from: number, to: number): Span[] {
  let at = 0;
  return parts.flatMap(({ text, ink }) => {
    const start = at;
    at += text.length;
    const kept = text.slice(Math.max(0, from - start), Math.max(0, to - start));
    return kept === '' ? [] : [part(kept, ink)];
  });
}

function trimEnd(parts: Span[]): Span[] {
  const last = parts.at(-1);
  return last ? [...parts.slice(0, -1), part(last.text.trimEnd(), last.ink)] : parts;
}
