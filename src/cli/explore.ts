import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { explorerFile, serveSession } from '../app/explore/explorer-session.ts';
import { explorerStart } from '../app/explore/explorer-start.ts';
import { withWriteErrors } from '../app/files/output-file.ts';
import { ExitCode } from './exit-codes.ts';
import { Output } from './report/console-output.ts';
import { interruptSignal } from './sigint.ts';

export interface ExploreOptions {
  readonly file?: string;
  readonly param?: Readonly<Record<string, number>>;
  readonly vcpus?: number;
  readonly pages?: number;
  readonly memoryModel?: 'sc' | 'tso';
  readonly port?: number;
  readonly open: boolean;
  readonly out?: string;
}

/** Writes the explorer to a file, or serves it until Ctrl-C. */
export async function runExplore(what: string | undefined, options: ExploreOptions): Promise<ExitCode> {
  const { file, param, vcpus, pages, memoryModel, port = 0, open, out } = options;
  const params = { ...param, ...(vcpus !== undefined && { vcpus }), ...(pages !== undefined && { pages }) };
  const start = await explorerStart(what, { file, params, memoryModel });
  const output = new Output({});
  if (out !== undefined) {
    const html = await explorerFile(start);
    withWriteErrors(out, () => writeFileSync(out, html));
    output.print(`${out}: ${(html.length / 1e6).toFixed(2)} MB; open it in a browser`);
    return ExitCode.holds;
  }
  const interrupted = interruptSignal();
  const server = await serveSession(start, port, (message) => console.error(message));
  output.print(`${server.address} (Ctrl-C ends it)`);
  if (open) openBrowser(server.address);
  if (!interrupted.aborted) await new Promise((resolve) => interrupted.addEventListener('abort', resolve));
  server.close();
  return ExitCode.holds;
}

/** Opens the address in the browser of the desktop, if there is one. */
function openBrowser(address: string): void {
  const command = process.platform === 'darwin' ? 'open' : 'xdg-open';
  const child = spawn(command, [address], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
