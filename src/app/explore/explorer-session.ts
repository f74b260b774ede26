import type { PageStart } from '../../explore/page-start.ts';
import type { AnyDesign } from '../../model/design.ts';
import { PrecopyError } from '../../model/errors.ts';
import { targetsInFile } from '../designs/design-registry.ts';
import { bundleEngine } from './bundle-engine.ts';
import { type Charts, chartsOf } from './charts.ts';
import { pageInOneFile, readPage, servedPage } from './explorer-page.ts';
import { type ExplorerServer, serveExplorer } from './explorer-server.ts';
import type { ExplorerStart } from './explorer-start.ts';
import { WatchedFiles } from './watched-files.ts';

/** Returns the explorer as one HTML file. */
export async function explorerFile({ page, file }: ExplorerStart): Promise<string> {
  const [{ script }, own, shipped] = await Promise.all([bundleEngine(file), designsIn(file), shippedOnes()]);
  const opened = page.design ?? page.schedule?.slice(0, page.schedule.lastIndexOf('@')) ?? 'rmap-xchg';
  const design = [...own, ...shipped].find(({ id, mutantOf }) => id === opened || mutantOf === opened);
  const charts: Readonly<Record<string, Charts>> = design ? { [design.id]: await chartsOf(design) } : {};
  return pageInOneFile(readPage(), script, page, charts);
}

/** Returns the designs and mutants of a file of one's own, if there is one. */
const designsIn = async (file: string | undefined): Promise<readonly AnyDesign[]> =>
  file === undefined ? [] : (await targetsInFile(file)).map(({ design }) => design);

const shippedOnes = async (): Promise<readonly AnyDesign[]> => (await import('./shipped-designs.ts')).shippedDesigns;

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
  const [own, shipped] = [await designsIn(file), await shippedOnes()];
  let isChanged = false;
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
    async (id) => {
      const design = [...own, ...shipped].find((one) => one.id === id);
      // What a file says now is not what was loaded from it: its statecharts would be old ones.
      if (!design || (isChanged && own.includes(design))) return undefined;
      return JSON.stringify(await chartsOf(design));
    },
    port,
  );
  const rebuild = async (): Promise<void> => {
    isChanged = true;
    try {
      engine = await bundleEngine(file);
      if (problem !== undefined) told('the file is bundled again');
      problem = undefined;
    } catch (error) {
      if (!(error instanceof PrecopyError)) throw error;
      problem = [error.message, error.excerpt].filter(Boolean).join('\n');
      told(problem);
    }
    watched.watch(engine.files);
    server.reload();
  };
  let [timer, rebuilt]: [NodeJS.Timeout | undefined, Promise<void>] = [undefined, Promise.resolve()];
  const watched = new WatchedFiles((_, isWatched) => {
    // A file that cannot be bundled may miss another, which nobody knows yet.
    if (!isWatched && problem === undefined) return;
    clearTimeout(timer);
    timer = setTimeout(() => {
      rebuilt = rebuilt.then(rebuild);
    }, settling);
  });
  watched.watch(engine.files);
  return {
    ...server,
    close: () => {
      clearTimeout(timer);
      watched.close();
      server.close();
    },
  };
}
