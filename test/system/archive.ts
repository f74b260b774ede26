import { join } from 'node:path';
import { folderWith, root, succeed } from './command.ts';

/** What `npm pack` has written. */
export interface Archive {
  /** path of the archive */
  readonly path: string;
  /** its size, in bytes */
  readonly size: number;
  readonly files: readonly string[];
}

/** Packs this tree, as for a publication: npm builds it first. */
export function pack(): Archive {
  const folder = folderWith();
  // The build may print something before the document.
  const stdout = succeed(root, 'npm', 'pack', '--json', '--pack-destination', folder);
  const [packed] = JSON.parse(stdout.slice(stdout.search(/^\[/m))) as [
    { readonly filename: string; readonly size: number; readonly files: readonly { readonly path: string }[] },
  ];
  const { filename, size, files } = packed;
  return { path: join(folder, filename), size, files: files.map(({ path }) => path) };
}
