/** Returns a table in Markdown, and an empty line after it. `headings` are the cells of its first two lines. */
export const table = (
  headings: readonly [string, ...string[]],
  rows: readonly (readonly (string | number)[])[],
): string[] => [
  line(headings.map((heading) => heading.replace(/:$/, ''))),
  line(headings.map((heading) => (heading.endsWith(':') ? '---:' : '---'))),
  ...rows.map(line),
  '',
];

const line = (cells: readonly (string | number)[]): string =>
  `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;

/** Returns names or code as code, with commas between them. */
export const codeList = (names: Iterable<string>): string => [...names].map((name) => `\`${name}\``).join(', ');
