/**
 * `npm run bench:explorer`: how soon the page of the explorer reacts, in Chromium: a step of a design with two vCPUs
 * and four pages, and a schedule of 5,000 steps. Times include the worker, the messages and the drawing.
 */
import { chromium } from 'playwright-core';
import { rmapXchg } from '../machines/designs/index.ts';
import { serveSession } from '../src/app/explore/explorer-session.ts';
import { compile } from '../src/compile/compile.ts';
import { StepOutcome } from '../src/compile/program.ts';
import { printSchedule } from '../src/model/schedule-text.ts';
import { EnabledChoices } from '../src/search/successors/enabled-choices.ts';

const params = { vcpus: 2, pages: 4 };
const longSteps = 5000;

/** Returns the schedule of a run that never stops the guest: its choices are those of a linear congruence. */
function longSchedule(): string {
  const program = compile(rmapXchg, params);
  program.reset();
  const choices = new EnabledChoices(program);
  const taken = [];
  for (let seed = 7; taken.length < longSteps; ) {
    choices.refresh();
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    const id = choices.ids[seed % choices.count] as number;
    const choice = choices.choiceOf(id);
    if (program.events[choice.event]?.type === 'STOP') continue;
    if (choices.take(id) === StepOutcome.taken) taken.push(choice);
  }
  return printSchedule(program.instance, program.events, taken);
}

const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
});
const steps = await measureSteps();
const load = await measureLoad();
await browser.close();
console.log(
  `a step at 2 vCPUs and 4 pages: median ${steps.median.toFixed(1)} ms, largest of ${steps.count} ${steps.max.toFixed(1)} ms (goal: 50)`,
);
console.log(`a schedule of 5,000 steps: ${(load / 1000).toFixed(2)} s (goal: 2)`);

async function measureSteps(): Promise<{ median: number; max: number; count: number }> {
  const server = await serveSession({ page: { design: 'rmap-xchg', params }, file: undefined }, 0, () => undefined);
  const page = await browser.newPage();
  await page.goto(server.address);
  await page.getByRole('region', { name: 'Choices' }).getByRole('button').first().waitFor();
  const times = (await page.evaluate(`(async () => {
    const times = [];
    for (let n = 0; n < 60; n++) {
      const buttons = [...document.querySelectorAll('.choice')].filter((one) => !one.textContent.startsWith('STOP'));
      const before = document.querySelector('.choices').parentElement.textContent;
      const begun = performance.now();
      buttons[n % buttons.length].click();
      while (document.querySelector('.choices').parentElement.textContent === before && performance.now() - begun < 2000)
        await new Promise((resolve) => { const c = new MessageChannel(); c.port1.onmessage = resolve; c.port2.postMessage(0); });
      await new Promise((resolve) => requestAnimationFrame(resolve));
      times.push(performance.now() - begun);
    }
    return times;
  })()`)) as number[];
  await page.close();
  server.close();
  const sorted = times.slice(5).sort((a, b) => a - b);
  return { median: sorted[sorted.length >> 1] ?? 0, max: sorted.at(-1) ?? 0, count: sorted.length };
}

async function measureLoad(): Promise<number> {
  const server = await serveSession({ page: { schedule: longSchedule() }, file: undefined }, 0, () => undefined);
  const page = await browser.newPage();
  const begun = performance.now();
  await page.goto(server.address);
  await page.getByText(`step 0 of ${longSteps}`).waitFor();
  await page.locator('.lane-row').first().waitFor();
  const time = performance.now() - begun;
  await page.close();
  server.close();
  return time;
}
