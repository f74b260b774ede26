import { watch } from 'node:fs';
import { dirname } from 'node:path';
import { PrecopyError } from '../../model/errors.ts';
import { bundleEngine } from './bundle-engine.ts';
import { type PageStart, pageInOneFile, readPage, servedPage } from './explorer-page.ts';
import { type ExplorerServer, serveExplorer } from './explorer-server.ts';
import type { ExplorerStart } from './explorer-start.ts';

/** Returns the explorer as one HTML file. */
export async function explorerFile({ page, file }: ExplorerStart): Promise<string> {
  const { script } = await bundleEngine(file);
  return pageInOneFile(readPage(), script, page);
}

/** Milliseconds in which the changes of a file that is saved count as one. */
const settling = 150;

/**
 * Serves the explorer. A file of one's own, and what it imports, is watched: a change is bundled anew, and open pages
 * load it.
 * @param told called with each mistake in the file, and when it is mended
 */
export async function serveSession(
  { page, file }: ExplorerStart,
  port: number,
  told: (message: string) => void,
): Promise<ExplorerServer> {
  const parts = readPage();
  let engine = await bundleEngine(file);
  let problem: string | undefined;
  const start = (): PageStart => ({
    ...page,
    ...(problem !== undefined && { problem }),
    ...(file !== undefined && { isWatched: true }),
  });
  const server = await serveExplorer(
    {
      'explorer.html': { type: 'text/html', text: () => servedPage(start()) },
      'explorer.js': { type: 'text/javascript', text: () => parts.script },
      'explorer.css': { type: 'text/css', text: () => parts.style },
      'engine-worker.js': { type: 'text/javascript', text: () => engine.script },
    },
    port,
  );
  const rebuild = async (): Promise<void> => {
    try {
      engine = await bundleEngine(file);
      if (problem !== undefined) told('the file is bundled again');
      problem = undefined;
    } catch (error) {
      if (!(error instanceof PrecopyError)) throw error;
      problem = [error.message, error.excerpt].filter(Boolean).join('\n');
      told(problem);
    }
    server.reload();
  };
  const watchers = [...new Set(engine.files.map((path) => dirname(path)))].map((folder) => {
    let timer: NodeJS.Timeout | undefined;
    return watch(folder, () => {
      clearTimeout(timer);
      timer = setTimeout(() => void rebuild(), settling);
    });
  });
  return {
    ...server,
    close: () => {
      for (const watcher of watchers) watcher.close();
      server.close();
    },
  };
}
