import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

/** Why the tests of the explorer cannot run here, if they cannot. With CI=true that is a failure. */
export const noBrowser: string | undefined = existsSync(executablePath)
  ? undefined
  : `there is no ${executablePath}: install Debian's package chromium, or set CHROMIUM`;

export const startBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath,
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
      ...['--disable-background-networking', '--disable-component-update'],
    ],
  });

/** An explorer that is served by a process of its own. */
export interface ServedExplorer {
  readonly address: string;
  readonly stderr: () => string;
  stop(): Promise<number | null>;
}

/** Starts `precopy explore` with some arguments, and waits for its address. */
export function serve(...args: readonly string[]): Promise<ServedExplorer> {
  const child: ChildProcess = spawn(process.execPath, ['bin/precopy.js', 'explore', '--no-open', ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr?.on('data', (data) => {
    stderr += data;
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (data) => {
      const [address] = /http:\/\/\S+/.exec(String(data)) ?? [];
      if (address === undefined) return;
      const stop = (): Promise<number | null> => {
        child.kill('SIGINT');
        return ended;
      };
      resolve({ address, stderr: () => stderr, stop });
    });
    void ended.then((code) => reject(new Error(`it ended with ${code}: ${stderr}`)));
  });
}

/** Opens a page, and collects what the console says: errors, and what the policy forbids. */
export async function openPage(
  browser: Browser,
  address: string,
  options: Parameters<Browser['newPage']>[0] = {},
): Promise<{ page: Page; problems: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 }, ...options });
  const problems: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  await page.goto(address);
  await page.getByRole('region', { name: 'Choices' }).getByRole('button').first().waitFor();
  return { page, problems };
}
