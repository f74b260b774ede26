import { readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeSituation, parseSituation } from '../../src/explore/situation.ts';
import { folderWith, root, run as runIn } from './command.ts';
import { noBrowser, openPage, type ServedExplorer, serve, startBrowser } from './explorer-page.ts';

if (noBrowser !== undefined && !process.env['CI']) console.log(`the explorer is not tested in a browser: ${noBrowser}`);

const position = (page: Page) => page.locator('output').textContent();
const precopy = (...args: readonly string[]) => runIn(root, process.execPath, 'bin/precopy.js', ...args);

/** Returns the status of a request that names another host. */
const statusWithHost = (port: number, host: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    request({ port, host: '127.0.0.1', headers: { Host: host } }, ({ statusCode }) => resolve(statusCode))
      .once('error', reject)
      .end();
  });

const noFlush = ['rmap-xchg/no-flush', '--vcpus', '1', '--pages', '1', '--param', 'loggingOn=1'];

describe.skipIf(noBrowser !== undefined && !process.env['CI'])('the explorer in Chromium', () => {
  let browser: Browser;
  let served: ServedExplorer;
  beforeAll(async () => {
    [browser, served] = await Promise.all([startBrowser(), serve(...noFlush)]);
  });
  afterAll(async () => {
    await browser?.close();
    expect(await served?.stop()).toBe(0);
  });

  it('finds a violation, steps back, forks another run, and undoes that', async () => {
    const { page, problems } = await openPage(browser, served.address);
    await page.getByRole('button', { name: 'Nearest violation' }).click();
    await page.getByText('A shortest run that violates logged-or-protected: 10 steps.').waitFor();
    expect(await position(page)).toBe('step 10 of 10');
    await page.locator('.property.bad', { hasText: 'logged-or-protected' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Home');
    await page.getByRole('region', { name: 'Choices' }).locator('.choice', { hasText: 'SYNC' }).click();
    await page.getByText('step 1 of 1').waitFor();
    expect(await page.getByRole('region', { name: 'Runs' }).getByRole('listitem').count()).toBe(2);
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('step 0 of 10').waitFor();
    expect(problems).toEqual([]);
    await page.close();
  });

  it('says which guard refuses a choice, and what it read', async () => {
    const { page } = await openPage(browser, served.address);
    await page.locator('.choice', { hasText: 'SEND gfn=0' }).click();
    await page.getByText('pageIsDirty says no: qemu.bmap=0').waitFor();
    await page.close();
  });

  it('says which choices commute, and in which cells others conflict', async () => {
    const { page } = await openPage(browser, served.address);
    await page.getByLabel('Params').fill('vcpus=2 pages=1 loggingOn=1');
    await page.keyboard.press('Enter');
    // Of the model that is opened now, not of the one before.
    await page.getByRole('button', { name: 'What commutes with vcpu1 WRITE gfn=0?' }).waitFor();
    await page.getByRole('button', { name: 'What commutes with vcpu0 WRITE gfn=0?' }).click();
    await page
      .getByText(/conflicts: .*mmuLock.holder/)
      .first()
      .waitFor();
    await page.getByText('commutes with it').first().waitFor();
    await page.close();
  });

  it('works with the keyboard alone', async () => {
    const { page } = await openPage(browser, served.address);
    for (const [key, text] of [
      ['1', 'step 1 of 1'],
      ['1', 'step 2 of 2'],
      ['k', 'step 1 of 2'],
      ['j', 'step 2 of 2'],
      ['u', 'step 1 of 2'],
      ['r', 'step 2 of 2'],
      ['Home', 'step 0 of 2'],
    ] as const) {
      await page.keyboard.press(key);
      await page.getByText(text).waitFor();
    }
    await page.keyboard.press('?');
    await page.getByText('the initial state, the end of the run').waitFor();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.tagName')).not.toBe('BODY');
    await page.close();
  });

  it('takes the choices of the state that is shown, however fast the keys come', async () => {
    const { page, problems } = await openPage(browser, served.address);
    await page.getByRole('button', { name: 'Nearest violation' }).click();
    await page.getByText('step 10 of 10').waitFor();
    for (const key of ['Escape', 'Home', '1', '1', '1']) await page.keyboard.press(key);
    await page.getByText('step 3 of 10').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('undoes that another design was opened', async () => {
    const { page } = await openPage(browser, served.address);
    await page.keyboard.press('1');
    await page.getByText('step 1 of 1').waitFor();
    await page.getByLabel('Design').selectOption('ad-bits');
    await page.getByText('step 0 of 0').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('step 1 of 1').waitFor();
    expect(await page.getByLabel('Mutant').inputValue()).toBe('rmap-xchg/no-flush');
    await page.close();
  });

  it('opens a saved file, also of another version', async () => {
    const { page } = await openPage(browser, served.address);
    const situation = {
      ...{ format: 'precopy-situation', version: 1, design: 'rmap-xchg', params: { vcpus: 1, pages: 1 } },
      ...{ memoryModel: 'sc', hash: '00c0ffee', branch: 0, cursor: 2, pinned: [], hidden: [] },
      steps: [
        [0, 1],
        [1, 999],
      ],
      branches: [{ name: 'from a mail', tip: 2 }],
    };
    await page.getByLabel('Open a saved situation or schedule').setInputFiles({
      ...{ name: 'saved.json', mimeType: 'application/json' },
      buffer: Buffer.from(JSON.stringify(situation)),
    });
    await page.getByRole('alert').getByText('there is no choice 999').waitFor();
    await page.keyboard.press('Home');
    await page.getByRole('region', { name: 'Choices' }).locator('.choice').first().waitFor();
    await page.close();
  });

  it('lights the state of an actor in its statechart, and the transition that it took', async () => {
    const { page, problems } = await openPage(browser, served.address);
    await page.keyboard.press('1');
    await page.getByText('step 1 of 1').waitFor();
    await page.keyboard.press('c');
    await page.getByLabel('Statechart of').selectOption('vcpu0');
    await page.locator('.node.lit').waitFor();
    expect(await page.locator('.node.lit title').allTextContents()).toEqual(['host.markPageDirty']);
    expect(await page.locator('.edge.lit title').first().textContent()).toMatch(/->/);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('shows a run beside the same choices on the design without the bug', async () => {
    const { page, problems } = await openPage(browser, served.address);
    await page.getByRole('button', { name: 'Nearest violation' }).click();
    await page.getByText('step 10 of 10').waitFor();
    await page.getByRole('button', { name: 'Compare' }).click();
    await page.getByLabel('Compare this run with').selectOption('rmap-xchg');
    const first = page.locator('.compare tr.first');
    await first.waitFor();
    expect(await first.textContent()).toContain('getDirtyLog');
    expect(problems).toEqual([]);
    await page.close();
  });

  it('stops a search that is stopped, and marks a mistake in an expression', async () => {
    const { page } = await openPage(browser, served.address);
    await page.getByLabel('Params').fill('vcpus=3 pages=3');
    await page.keyboard.press('Enter');
    await page.getByText('vcpus=3 pages=3 loggingOn=0').waitFor();
    await page.getByLabel('Mutant').selectOption('rmap-xchg');
    await page.getByText('vcpus=3 pages=3 loggingOn=0').waitFor();
    await page.getByRole('button', { name: 'Nearest violation' }).click();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByText(/Not decided \(stopped: interrupt\)/).waitFor();
    await page.getByRole('textbox', { name: 'Run until' }).fill('vcpu0 in hosst');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText(/hosst/).first().waitFor();
    await page.close();
  });

  it('shares a situation as a link, which another page opens', async () => {
    const { page } = await openPage(browser, served.address);
    await page.getByRole('button', { name: 'Nearest violation' }).click();
    await page.getByText('step 10 of 10').waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('k');
    await page.getByText('step 9 of 10').waitFor();
    await page.getByRole('button', { name: 'Share' }).click();
    await page.getByText(/in the address/).waitFor();
    const link = page.url();
    const other = await openPage(browser, link);
    await other.page.getByText('step 9 of 10').waitFor();
    expect(link.length).toBeLessThan(2000);
    const cut = await openPage(browser, link.slice(0, -9));
    await cut.page.getByRole('alert').getByText('this link is cut off').waitFor();
    for (const one of [page, other.page, cut.page]) await one.close();
  });

  it('goes as far as the steps of a link exist, and on from there', async () => {
    const situation = parseSituation(
      JSON.stringify({
        ...{ format: 'precopy-situation', version: 1, design: 'rmap-xchg/no-flush', hash: '00000000' },
        ...{ params: { vcpus: 1, pages: 1, loggingOn: 1 }, memoryModel: 'sc', pinned: ['<img>'], hidden: [] },
        steps: [
          [0, 6],
          [1, 99_999],
          [2, 0],
        ],
        ...{ branches: [{ name: '<img>', tip: 3 }], branch: 0, cursor: 3 },
      }),
    );
    const { page } = await openPage(browser, `${served.address}#${await encodeSituation(situation)}`);
    await page.getByRole('alert').getByText('there is no choice 99999').waitFor();
    await page.getByText('step 1 of 3').waitFor();
    await page.keyboard.press('1');
    await page.getByText('step 2 of 2').waitFor();
    await page.close();
  });

  it('leads through the tour, to the write that is lost', async () => {
    const { page, problems } = await openPage(browser, served.address);
    await page.getByRole('button', { name: 'Tour' }).click();
    await page.getByRole('button', { name: 'Begin' }).click();
    await page.getByText('The log is on, and the page is write-protected').waitFor();
    const next = page.getByRole('button', { name: 'Next', exact: true });
    for (let n = 0; n < 7; n++) await next.click();
    await page.getByText('this write never reaches the destination').waitFor();
    await page.locator('.property.bad', { hasText: 'no-lost-write' }).waitFor();
    for (let n = 1; n < 5; n++) {
      await page.getByRole('button', { name: 'Next chapter' }).click();
      await page
        .getByText('step 0 of')
        .or(page.getByText(/step [1-9] of/))
        .first()
        .waitFor();
      while (await next.isVisible()) await next.click();
    }
    await page.getByText('Compare the cost with the others').waitFor();
    await page.getByRole('button', { name: 'Leave the tour' }).click();
    expect(problems).toEqual([]);
    await page.close();
  });

  it.each([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['at 200 %', { viewport: { width: 700, height: 450 }, deviceScaleFactor: 2 }],
  ] as const)('has no serious accessibility fault, %s', async (_, options) => {
    const { page } = await openPage(browser, served.address, { ...options, bypassCSP: true });
    await page.getByRole('button', { name: 'Nearest violation' }).click();
    await page.getByText('step 10 of 10').waitFor();
    await page.addScriptTag({ path: createRequire(import.meta.url).resolve('axe-core/axe.min.js') });
    const { violations } = await page.evaluate(() =>
      (
        globalThis as unknown as {
          axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
        }
      ).axe.run(),
    );
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(serious.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
    await page.close();
  });

  it('serves nothing to pages of other hosts or origins, and nothing but its files', async () => {
    const status = async (path: string, headers: Record<string, string> = {}): Promise<number> =>
      (await fetch(new URL(path, served.address), { headers })).status;
    expect(await status('/')).toBe(200);
    expect(await status('/', { Origin: 'http://evil.example' })).toBe(403);
    expect(await status('/engine-worker.js', { 'Sec-Fetch-Site': 'cross-site' })).toBe(403);
    expect(await status('/../package.json')).toBe(404);
    expect(await status('/%2e%2e/package.json')).toBe(404);
    expect(await status('/constructor')).toBe(404);
    const { port } = new URL(served.address);
    expect(await statusWithHost(Number(port), 'evil.example')).toBe(421);
  });
});

describe.skipIf(noBrowser !== undefined && !process.env['CI'])('an explorer', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  it('in one file works from file:// with the network off', async () => {
    const out = join(folderWith(), 'explorer.html');
    const { exitCode } = precopy('explore', ...noFlush, '--out', out);
    expect([exitCode, readFileSync(out).length < 1.5e6]).toEqual([0, true]);
    const { page, problems } = await openPage(browser, `file://${out}`, { offline: true });
    await page.getByRole('button', { name: 'Nearest violation' }).click();
    await page.getByText('step 10 of 10').waitFor();
    expect(await page.evaluate(() => typeof SharedArrayBuffer)).toBe('undefined');
    expect(problems).toEqual([]);
    await page.close();
  });

  it('shows a design called <script> as text, served and in one file', async () => {
    const [folder, id] = [folderWith(), '</script><script>alert(1)</script><img/src=x/onerror=alert(1)>'];
    const file = join(folder, 'mine.ts');
    writeFileSync(file, readFileSync('examples/peterson.ts', 'utf8').replaceAll("id: 'peterson'", `id: '${id}'`));
    const out = join(folder, 'explorer.html');
    expect(precopy('explore', file, '--out', out).exitCode).toBe(0);
    const served = await serve(file);
    for (const address of [served.address, `file://${out}`]) {
      const { page, problems } = await openPage(browser, address);
      page.on('dialog', () => problems.push('it ran'));
      await page.keyboard.press('1');
      await page.getByText('step 1 of 1').waitFor();
      await page.getByText(id).first().waitFor({ state: 'attached' });
      expect(await page.locator('img').count()).toBe(0);
      expect(problems).toEqual([]);
      await page.close();
    }
    await served.stop();
  });

  it('of a file of one’s own loads a change, and shows where it does not compile', async () => {
    const folder = folderWith();
    const file = join(folder, 'mine.ts');
    const text = readFileSync('examples/peterson.ts', 'utf8')
      .replaceAll("id: 'peterson'", "id: 'mine'")
      .replace(/title: '[^']*'/, "title: '<script>alert(1)</script>'");
    writeFileSync(file, text);
    const served = await serve(file);
    const { page, problems } = await openPage(browser, served.address);
    await page.getByText('<script>alert(1)</script>', { exact: false }).first().waitFor({ state: 'attached' });
    await page.keyboard.press('1');
    await page.getByText('step 1 of 1').waitFor();
    writeFileSync(file, `${text}\nconst = 1;\n`);
    await page
      .getByRole('alert')
      .getByText(/mine\.ts:\d+:\d+: Expected identifier/)
      .waitFor();
    expect(served.stderr()).toMatch(/Expected identifier/);
    writeFileSync(file, `${text}\nthrow new Error('it stops while it is loaded');\n`);
    await page.getByRole('alert').getByText('it stops while it is loaded').waitFor();
    const part = join(folder, 'part.ts');
    writeFileSync(file, `import './part.ts';\n${text}`);
    await page
      .getByRole('alert')
      .getByText(/Could not resolve/)
      .waitFor();
    writeFileSync(part, '');
    await page.getByRole('alert').waitFor({ state: 'detached' });
    writeFileSync(part, 'const = 1;');
    await page
      .getByRole('alert')
      .getByText(/part\.ts:1:7: Expected identifier/)
      .waitFor();
    writeFileSync(part, 'export {};');
    await page.getByText('step 1 of 1').waitFor();
    expect(problems.filter((problem) => !problem.includes('favicon'))).toEqual([]);
    await page.close();
    expect(await served.stop()).toBe(0);
  });

  it('whose guard never ends says that what is shown is old, and can be stopped', async () => {
    const folder = folderWith();
    const file = join(folder, 'endless.ts');
    const text = readFileSync('examples/peterson.ts', 'utf8').replaceAll("id: 'peterson'", "id: 'endless'");
    const endless = '{ const down = !lock.flag(1 - me).get(); while (lock.flag(me).get()); return down; }';
    writeFileSync(file, text.replace('!lock.flag(1 - me).get()', endless));
    const served = await serve(`${file}:endless`);
    const { page } = await openPage(browser, served.address);
    await page.keyboard.press('1');
    await page.keyboard.press('1');
    await page.getByText('What is shown is the state before').waitFor();
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.getByRole('alert').getByText('the engine has died').waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await page.getByText('step 1 of 1').waitFor();
    await page.close();
    await served.stop();
  });

  it('opens a schedule, and a document of check', async () => {
    const folder = folderWith();
    const { stdout } = precopy('check', ...noFlush, '--json');
    const report = join(folder, 'report.json');
    writeFileSync(report, stdout);
    const served = await serve(report);
    const { page } = await openPage(browser, served.address);
    await page.getByText('step 0 of 10').waitFor();
    await page.close();
    await served.stop();
  });
});
