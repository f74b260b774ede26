import { CampaignState } from '../../app/campaign/campaign-state.ts';
import { isLimited } from '../../app/campaign/merge.ts';
import { costOf, type PlannedCampaign, planCampaign } from '../../app/campaign/plan-campaign.ts';
import type { Estimate, Plan } from '../../app/campaign/plan-schema.ts';
import { ExitCode } from '../exit-codes.ts';
import { showBytes, showCount, showSeconds } from '../options/units.ts';
import { Output } from '../report/console-output.ts';
import { plural } from '../report/plural.ts';
import { commandLineOf } from '../report/shell-command.ts';
import { table } from '../report/table.ts';

/** Plans a campaign, and prints what it will cost. */
export async function runPlan(
  file: string,
  { out, yes, json }: { readonly out?: string; readonly yes?: boolean; readonly json?: boolean },
): Promise<ExitCode> {
  const planned = await planCampaign(file, { out, isLarge: yes === true });
  const output = new Output({ json: json === true });
  reportPlan(planned, output);
  output.printDetail(`run: ${commandLineOf(['campaign', 'run', planned.folder])}`);
  if (json) output.document(planned.plan);
  return ExitCode.holds;
}

/** Prints the tasks of a plan, and the cost of the shards that have no result. */
export function reportPlan({ folder, plan }: PlannedCampaign, output: Output): void {
  const state = new CampaignState(plan, folder);
  state.refresh();
  const counts = countsOf(plan);
  const rows = plan.tasks.map((task, n) => ({
    cells: [task.label, showCount(counts[n] ?? 0), timeText(task.estimate), memoryText(task.estimate)],
    ...(!task.estimate.basis.endsWith('to its end') && { text: task.estimate.basis }),
  }));
  output.printDetail(table(['task', 'shards', 'time of each', 'memory'], rows, output, [false, true, true, true]));
  output.printProseDetail('time and memory: of one measured shard, unless it says otherwise');
  const left = plan.shards.filter((shard) => state.of(shard) === undefined);
  const { seconds, unknown, memoryBytes } = costOf(plan, left);
  const done = plan.shards.length - left.length;
  output.printProse(
    [
      `${plural(plan.shards.length, 'shard')} of ${plural(plan.tasks.length, 'task')}`,
      ...(done > 0 ? [`${showCount(done)} have a result`] : []),
      timesText(seconds, unknown),
      ...(memoryBytes > 0 ? [`up to ${showBytes(memoryBytes)} a worker, as far as known`] : []),
      `plan in ${folder}`,
    ].join('; '),
  );
  const limited = plan.tasks.filter(isLimited).length;
  if (limited > 0) {
    output.printProseDetail(
      `${plural(limited, 'task')} with a limit of time or memory: their results may differ from run to run`,
    );
  }
}

function countsOf({ tasks, shards }: Plan): number[] {
  const counts = tasks.map(() => 0);
  for (const { task } of shards) counts[task] = (counts[task] ?? 0) + 1;
  return counts;
}

const timeText = ({ seconds }: Estimate): string => (seconds === null ? '?' : showSeconds(seconds));
const memoryText = ({ memoryBytes }: Estimate): string => (memoryBytes === null ? '?' : showBytes(memoryBytes));

/** Formats the time of shards, of which some have an unknown one. */
function timesText(seconds: number, unknown: number): string {
  const rest = unknown > 0 ? [`${plural(unknown, 'shard')} of unknown time`] : [];
  return [...(seconds > 0 || unknown === 0 ? [`${showSeconds(seconds)} of one core`] : []), ...rest].join(' and ');
}
