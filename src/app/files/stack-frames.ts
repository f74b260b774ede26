import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A place in code. */
export interface Place {
  readonly path: string;
  readonly line: number;
}

const ownRoot = fileURLToPath(new URL('.', import.meta.resolve('#package/package.json')));
/** Where precopy's own code is. */
const ownFolders = ['bin', 'dist', 'src', 'machines', 'properties'].map((folder) => `${ownRoot}${folder}/`);

/** Returns true for a file of precopy's own code. */
export const isOwnFile = (path: string): boolean => ownFolders.some((folder) => path.startsWith(folder));

/** Returns the places in files that a stack names, topmost first, without those that only wait for the others. */
export function placesIn(stack: string): Place[] {
  return stack.split('\n').flatMap((frame) => {
    // A CommonJS module that tsx loads is a URL of data that ends with its name.
    const [, encoded, lineOfData] = /[?&]filePath=([^&:]+):(\d+):\d+\)?$/.exec(frame) ?? [];
    if (encoded !== undefined) return [{ path: decodeURIComponent(encoded), line: Number(lineOfData) }];
    const [, url, line] = /^\s+at (?!async ).*?((?:file:\/\/)?\/[^()]*?):(\d+):\d+\)?$/.exec(frame) ?? [];
    if (url === undefined || frame.includes('node:')) return [];
    return [{ path: pathOf(url), line: Number(line) }];
  });
}

/** Source maps leave paths as parts of a URL. */
function pathOf(url: string): string {
  if (url.startsWith('file:')) return fileURLToPath(url);
  return url.includes('%') && !existsSync(url) ? fileURLToPath(`file://${url}`) : url;
}

/** Returns the topmost place of an exception in code that a person wrote: neither precopy's own, nor of a package. */
export function placeInOwnDesign(error: unknown): Place | undefined {
  const stack = error instanceof Error && typeof error.stack === 'string' ? error.stack : '';
  const isWritten = ({ path }: Place): boolean => !isOwnFile(path) && !path.includes('/node_modules/');
  // A module that does not link has no frame: Node puts its place above the message.
  const [, url, line] = /^((?:file:\/\/)?\/.*):(\d+)\n/.exec(stack) ?? [];
  const above = url === undefined ? [] : [{ path: pathOf(url), line: Number(line) }];
  return [...above, ...placesIn(stack)].find(isWritten);
}
