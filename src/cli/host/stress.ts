import type { StressEntry } from '../../app/host/host-documents.ts';
import { isUnexpected, stressHost } from '../../app/host/stress.ts';
import type { LostWrite, WriteId } from '../../host/results.ts';
import type { Collector } from '../../host/stress/collectors.ts';
import type { StressOptions } from '../../host/stress/stress.ts';
import { ExitCode, worstExitCode } from '../exit-codes.ts';
import { showBytes, showCount, showSeconds } from '../options/units.ts';
import { Output } from '../report/console-output.ts';
import { plural } from '../report/plural.ts';
import { commandLineOf } from '../report/shell-command.ts';
import { interruptSignal } from '../sigint.ts';
import type { HostFlags } from './probe.ts';

/** Flags of `host stress`. */
export interface StressFlags extends HostFlags, Omit<StressOptions, 'device'> {
  readonly mutants?: boolean;
}

/** Copies of a lost page that are printed. */
const printedCopies = 8;

/** Stresses collectors on the kernel of this host and reports lost writes. Returns the exit code. */
export async function hostStress(names: readonly string[], flags: StressFlags): Promise<ExitCode> {
  const output = new Output(flags);
  const document = await stressHost(names, flags, {
    signal: interruptSignal(),
    onResult: (collector, entry) => report(output, collector, entry),
    onSkipped: ({ id }, reason) => output.printProse(`${id} not run: ${reason}`),
  });
  if (flags.json) output.document(document);
  const { collectors, notRun } = document;
  const code = worstExitCode([
    ...collectors.map(exitCodeOf),
    ...notRun.map(({ reason }) => (reason === 'interrupted' ? ExitCode.inconclusive : ExitCode.holds)),
    ...(collectors.length === 0 ? [ExitCode.inconclusive] : []),
  ]);
  if (code === ExitCode.violated) output.print(`to repeat: ${commandOf(collectors.filter(isUnexpected), flags)}`);
  return code;
}

function exitCodeOf(entry: StressEntry): ExitCode {
  if (entry.verdict === 'inconclusive') return ExitCode.inconclusive;
  return isUnexpected(entry) ? ExitCode.violated : ExitCode.holds;
}

function report(output: Output, { id, title, bug }: Collector, entry: StressEntry): void {
  const { ink } = output;
  const verdict = entry.verdict === 'violated' && entry.mutant ? 'caught' : entry.verdict;
  output.gap();
  output.print(`${ink.bold(id)} ${isUnexpected(entry) ? ink.red(verdict) : verdict}`);
  output.paragraph(bug === undefined ? title : `${title}: ${bug}`);
  output.paragraph(
    [
      plural(entry.rounds, 'round'),
      `${plural(entry.checks, 'check')} of all pages`,
      plural(entry.copies, 'copy', 'copies'),
      plural(entry.writes, 'write'),
      plural(entry.kicks, 'kick'),
      ...(entry.ringFullExits > 0 ? [`${plural(entry.ringFullExits, 'exit')} for a full ring`] : []),
      showSeconds(entry.seconds),
    ].join(', '),
  );
  const [first] = entry.lost;
  if (first) for (const line of linesOf(first)) output.paragraph(line);
}

function linesOf({ page, round, inMemory, lastCopied, history, historySince }: LostWrite): string[] {
  const reported = history.length === 0 ? 'never reported' : `reported ${plural(history.length, 'time')}`;
  return [
    `page ${page} after round ${round}: memory holds ${writeName(inMemory)}, the last copy ${writeName(lastCopied)}`,
    `since round ${historySince} the page was ${reported}`,
    ...history.slice(-printedCopies).map((copy) => `  round ${copy.round}: copied with ${writeName(copy.copied)}`),
  ];
}

function writeName(write?: WriteId): string {
  return write === undefined ? 'no write' : `write ${showCount(write.write)} of vCPU ${write.vcpu}`;
}

function commandOf(entries: readonly StressEntry[], flags: StressFlags): string {
  return [
    commandLineOf(['host', 'stress', ...entries.map(({ collector }) => collector)]),
    `--memory ${showBytes(flags.memoryBytes).replace(' ', '')} --vcpus ${flags.vcpus} --time ${flags.seconds}s`,
    `--seed ${flags.seed} --pattern ${flags.pattern} --kicks ${flags.kicks} --ring ${flags.ringEntries}`,
    ...(flags.chunkPages === undefined ? [] : [`--chunk ${flags.chunkPages}`]),
    ...(flags.hugePages ? ['--huge-pages'] : []),
  ].join(' ');
}
