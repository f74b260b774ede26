import { readFileSync } from 'node:fs';

/** A layer of the architecture, in the order in which they build on each other. */
export interface Layer {
  readonly folder: string;
  readonly holds: string;
  /** the other layers that its files may import */
  readonly imports: readonly string[];
  /** what its folders hold, by path */
  readonly parts?: Readonly<Record<string, string>>;
}

/** The layers, from which dependency-cruiser has its rules as well. */
export const layers = JSON.parse(
  readFileSync(new URL('../../layers.json', import.meta.url), 'utf8'),
) as readonly Layer[];

const begin = '<!-- The map: `npm run map` writes it from layers.json. -->';
const end = '<!-- End of the map. -->';

/**
 * Returns a page with the current map between its two markers.
 * @throws Error when the page lacks a marker
 */
export function withMap(page: string): string {
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`the page needs the lines ${begin} and ${end}`);
  return `${page.slice(0, from + begin.length)}\n\n${moduleMap()}\n\n${page.slice(to)}`;
}

/** Returns the table of all folders. */
function moduleMap(): string {
  const rows = layers.flatMap(({ folder, holds, imports, parts = {} }) => [
    [code(folder), holds, imports.map(code).join(', ') || 'nothing of ours'],
    ...Object.entries(parts).map(([path, text]) => [code(path), text, '']),
  ]);
  const cells = [['folder', 'what it holds', 'may import'], ['---', '---', '---'], ...rows];
  return cells.map((row) => `| ${row.join(' | ')} |`).join('\n');
}

const code = (text: string): string => `\`${text}\``;
