import { readFileSync } from 'node:fs';
import { code, markdownTable, withSection } from './marked-section.ts';

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

const markers = {
  begin: '<!-- The map: `npm run map` writes it from layers.json. -->',
  end: '<!-- End of the map. -->',
};

/**
 * Returns a page with the current map between its two markers.
 * @throws Error when the page lacks a marker
 */
export const withMap = (page: string): string => withSection(page, markers, moduleMap());

/** Returns the table of all folders. */
function moduleMap(): string {
  const rows = layers.flatMap(({ folder, holds, imports, parts = {} }) => [
    [code(folder), holds, imports.map(code).join(', ') || 'nothing of ours'],
    ...Object.entries(parts).map(([path, text]) => [code(path), text, '']),
  ]);
  return markdownTable(['folder', 'what it holds', 'may import'], rows);
}
