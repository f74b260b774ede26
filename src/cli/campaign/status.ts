import { setTimeout } from 'node:timers/promises';
import { mergeResults } from '../../app/campaign/merge.ts';
import { readPlan } from '../../app/campaign/plan-file.ts';
import { type CampaignStatus, CampaignWatch } from '../../app/campaign/status.ts';
import { checkWritable } from '../../app/files/output-file.ts';
import { ExitCode } from '../exit-codes.ts';
import { showCount, showSeconds } from '../options/units.ts';
import { Output } from '../report/console-output.ts';
import { plural } from '../report/plural.ts';
import { interruptSignal } from '../sigint.ts';
import { commandFor } from './merge.ts';
import { writeCampaignPage } from './page.ts';

const watchMs = 2000;

/** Prints how far a campaign is, once or until it is over. Returns the exit code. */
export async function runStatus(
  folder: string,
  { watch, json, html }: { readonly watch?: boolean; readonly json?: boolean; readonly html?: string },
): Promise<ExitCode> {
  checkWritable(html);
  const output = new Output(json ? { json } : {});
  const campaign = new CampaignWatch(folder, readPlan(folder));
  const signal = interruptSignal();
  let last = '';
  for (;;) {
    const status = campaign.status();
    const text = statusText(status);
    if (text !== last) {
      output.print(text);
      if (html !== undefined) writePage(html, folder, status);
    }
    last = text;
    if (!watch || status.left === 0 || signal.aborted) {
      if (json)
        output.document({
          ...status,
          running: status.running.map(({ shard, ...one }) => ({ shard: shard.id, ...one })),
        });
      return status.left === 0 ? ExitCode.holds : ExitCode.unfinished;
    }
    await setTimeout(watchMs, undefined, { signal }).catch(() => undefined);
  }
}

function writePage(file: string, folder: string, { running }: CampaignStatus): void {
  const count = running.filter(({ state }) => state === 'running').length;
  writeCampaignPage(file, [folder], mergeResults([folder], commandFor), count);
}

function statusText(status: CampaignStatus): string {
  const running = status.running.filter(({ state }) => state === 'running');
  const gone = status.running.filter(({ state }) => state === 'gone');
  return [
    progressParts(status, running.length).join(', '),
    ...running.map(({ label, worker }) => `  running: ${label}, by ${worker}`),
    ...gone.map(({ label, worker }) => `  its worker is gone: ${label}, of ${worker}; another worker takes it over`),
  ].join('\n');
}

/** Returns how far a campaign is, in parts of which the last ones matter least. */
export function progressParts(status: CampaignStatus, workers: number): string[] {
  const { planned, done, violated, failed, left, secondsLeft, unknown } = status;
  const rest = unknown > 0 ? ` and ${plural(unknown, 'shard')} of unknown time` : '';
  const time =
    workers > 0
      ? `about ${showSeconds(secondsLeft / workers)} left with ${plural(workers, 'worker')}`
      : `${showSeconds(secondsLeft)} of one core left`;
  return [
    `${showCount(done)} of ${plural(planned, 'shard')} done`,
    ...(violated > 0 ? [`${showCount(violated)} violated`] : []),
    ...(failed > 0 ? [`${showCount(failed)} failed`] : []),
    `${showCount(left)} left`,
    ...(left > 0 ? [time + rest] : []),
  ];
}
