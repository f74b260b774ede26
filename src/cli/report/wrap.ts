import { stripVTControlCharacters } from 'node:util';

/** Returns the number of columns that a text takes, without its colour codes. */
export const columnsOf = (text: string): number => stripVTControlCharacters(text).length;

/**
 * Breaks each line of a text at blanks so that it fits the width. Words are never broken: a schedule, a path or a
 * command may be longer than a line.
 * @param indent blanks before each line, counted within the width
 * @param hanging further blanks before the continuation of a line
 */
export function wrap(
  text: string,
  width: number,
  { indent = 0, hanging = 0 }: { readonly indent?: number; readonly hanging?: number } = {},
): string {
  return text
    .split('\n')
    .map((line) => wrapLine(line, width, indent, hanging))
    .join('\n');
}

function wrapLine(text: string, width: number, indent: number, hanging: number): string {
  const own = /^ */.exec(text)?.[0].length ?? 0;
  const margin = ' '.repeat(indent + own);
  const lines: string[] = [];
  let line = '';
  for (const word of text.trimStart().split(' ')) {
    const start = lines.length === 0 ? margin : margin + ' '.repeat(hanging);
    const longer = line === '' ? start + word : `${line} ${word}`;
    if (line === '' || columnsOf(longer) <= width) line = longer;
    else if (word !== '') {
      lines.push(line);
      line = margin + ' '.repeat(hanging) + word;
    }
  }
  return [...lines, line].map((one) => one.trimEnd()).join('\n');
}
