import { mergeResults } from '../../app/campaign/merge.ts';
import type { CampaignDocument, CheckEntry, ShardCounts } from '../../app/campaign/merge-schema.ts';
import { fromPlanPath } from '../../app/campaign/plan-paths.ts';
import type { Shard } from '../../app/campaign/plan-schema.ts';
import { checkWritable } from '../../app/files/output-file.ts';
import { ExitCode } from '../exit-codes.ts';
import { showBytes, showCount, showNs, showSeconds } from '../options/units.ts';
import { Output } from '../report/console-output.ts';
import { plural } from '../report/plural.ts';
import { commandLineOf, replayCommandLine } from '../report/shell-command.ts';
import { table } from '../report/table.ts';
import { caveatsOf } from './caveats.ts';
import { writeCampaignPage } from './page.ts';

/** Lines of a list that is printed; --json has all. */
const maxLines = 10;

/** Joins the results of a campaign, and prints them. Returns the exit code. */
export function runMerge(
  folders: readonly string[],
  flags: { readonly json?: boolean; readonly html?: string; readonly quiet?: boolean },
): ExitCode {
  checkWritable(flags.html);
  const document = mergeResults(folders, commandFor);
  const output = new Output(flags);
  reportResults(document, folders[0] as string, output);
  if (flags.json) output.document(document);
  if (flags.html !== undefined) writeCampaignPage(flags.html, folders, document);
  return exitCodeOf(document);
}

/** Returns the command that runs a shard. */
export const commandFor = (folder: string, { id }: Shard): string =>
  commandLineOf(['campaign', 'run', folder, '--shard', id]);

/** Returns the exit code for joined results. */
export const exitCodeOf = ({ verdict }: CampaignDocument): ExitCode =>
  ({ holds: ExitCode.holds, violated: ExitCode.violated, inconclusive: ExitCode.inconclusive })[verdict];

/** Prints joined results: verdicts, violations, and what is missing, failed or left alone. */
export function reportResults(document: CampaignDocument, folder: string, output: Output): void {
  const { name, verdict, check, simulate, mutants, shards, seconds, duplicates } = document;
  if (check.length > 0) output.printDetail(table(checkHead, check.map(checkRow), output));
  if (check.length > 0 && simulate.length > 0) output.gap();
  if (simulate.length > 0) output.printDetail(table(simulateHead, simulate.map(simulateRow), output));
  output.gap();
  for (const entry of check) reportViolation(entry, folder, output);
  const { killed, survived, undecided } = mutants;
  const all = killed.length + survived.length + undecided.length;
  if (all > 0) output.printProse(`${killed.length} of ${plural(all, 'mutant')} killed`);
  if (survived.length > 0) output.printProse(`survived: ${survived.join(', ')}`);
  if (undecided.length > 0) output.printProseDetail(`not decided: ${undecided.join(', ')}`);
  reportProblems(document, output);
  const again = duplicates > 0 ? `, ${plural(duplicates, 'result')} twice` : '';
  output.printProse(`${name}: ${verdict}; ${countsText(shards)}${again}; ${showSeconds(seconds)} of one core`);
}

const checkHead = ['task', 'verdict', 'shards', 'states', 'schedules', 'time'];

function checkRow(entry: CheckEntry) {
  const { label, mutantOf, verdict, shards, states, schedules, seconds } = entry;
  const isKilled = mutantOf !== undefined && verdict === 'violated';
  const notes = caveatsOf(entry);
  return {
    cells: [
      label,
      isKilled ? 'killed' : verdict,
      `${showCount(shards.done)}/${showCount(shards.planned)}`,
      showCount(states),
      schedules === undefined ? '' : showCount(schedules),
      showSeconds(seconds),
    ],
    ...(notes.length > 0 && { text: notes.join('; ') }),
  };
}

const simulateHead = ['task', 'runs', 'write p50', 'p99.9', 'max', 'total', 'downtime'];

function simulateRow({ label, shards, figures }: CampaignDocument['simulate'][number]) {
  const runs = `${showCount(shards.done)}/${showCount(shards.planned)}`;
  if (!figures) return { cells: [label, runs, '', '', '', '', ''] };
  const { vcpuWriteNs, totalNs, downtimeNs, confidence, violation, memoryBytes } = figures;
  const interval = confidence['vcpuWriteNs.p999'];
  const text = [
    showBytes(memoryBytes),
    ...(interval && shards.done > 1 ? [`p99.9 in ${showNs(interval.low)} to ${showNs(interval.high)} (95 %)`] : []),
    ...(violation ? [`VIOLATED: ${violation.property} in run ${violation.run}`] : []),
  ].join('; ');
  const { p50, p999, max } = vcpuWriteNs;
  return { cells: [label, runs, ...[p50, p999, max, totalNs, downtimeNs].map(showNs)], text };
}

function reportViolation({ label, violation, file, mutantOf }: CheckEntry, folder: string, output: Output): void {
  if (!violation || mutantOf !== undefined) return;
  const { property, length, shard, seed, schedule, shards } = violation;
  const from = seed === undefined ? '' : ` with seed ${seed}`;
  const others = shards > 1 ? `, the least of ${shards}` : '';
  output.printProse(`VIOLATED: ${label}: ${property} in ${plural(length, 'step')}, by shard ${shard}${from}${others}`);
  const path = file === undefined ? undefined : fromPlanPath(file, folder);
  output.printDetail(`replay: ${replayCommandLine(schedule, path)}`);
}

function reportProblems({ missing, failed, contradictions, leftAlone }: CampaignDocument, output: Output): void {
  list(
    failed,
    ({ shard, label, cause, remedy, command }) => `FAILED: ${label} (${shard}): ${cause}. ${remedy}: ${command}`,
  );
  for (const { label, command } of missing.slice(0, maxLines)) output.print(`missing: ${command}  # ${label}`);
  if (missing.length > maxLines) {
    output.printProse(`and ${showCount(missing.length - maxLines)} more, which --json lists`);
  }
  list(contradictions, ({ label, isExpected, files }) => {
    const why = isExpected ? 'a limit of time or memory' : 'NO LIMIT EXPLAINS IT: please report it';
    return `two results: ${label}, in ${files.join(' and ')} (${why})`;
  });
  list(leftAlone, ({ file, why }) => `left alone: ${file}: ${why}`);

  function list<T>(all: readonly T[], text: (one: T) => string): void {
    for (const one of all.slice(0, maxLines)) output.printProse(text(one));
    if (all.length > maxLines) output.printProse(`and ${showCount(all.length - maxLines)} more, which --json lists`);
  }
}

function countsText({ planned, done, failed, missing }: ShardCounts): string {
  return [
    `${showCount(done)} of ${plural(planned, 'shard')} done`,
    ...(failed > 0 ? [`${showCount(failed)} failed`] : []),
    ...(missing > 0 ? [`${showCount(missing)} missing`] : []),
  ].join(', ');
}
