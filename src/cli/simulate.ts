import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { checkWritable, withWriteErrors } from '../app/files/output-file.ts';
import { version } from '../app/files/own-version.ts';
import { type SimulateHooks, type SimulateResult, simulate } from '../app/simulate/simulate.ts';
import { createSimulateDocument, labelOf } from '../app/simulate/simulate-document.ts';
import type { SimulateOptions } from '../app/simulate/simulation-options.ts';
import { stopwatch } from '../app/stop-condition.ts';
import { simulationPage } from '../report/simulation-page.ts';
import { ciDocument } from './ci/ci-document.ts';
import type { CiFormatName } from './ci/outcomes.ts';
import { simulateSuites } from './ci/simulate-suites.ts';
import { summaryLine } from './ci/summary-line.ts';
import { ExitCode } from './exit-codes.ts';
import { Output } from './report/console-output.ts';
import { plural } from './report/plural.ts';
import { ProgressLine, runProgressText } from './report/progress.ts';
import { commandLine } from './report/shell-command.ts';
import { endReasonText, experimentText, reportFigures } from './report/simulate-table.ts';
import { interruptSignal } from './sigint.ts';

/** Flags of `simulate`: the options of the use case, and where its results go. */
export interface SimulateFlags extends Omit<SimulateOptions, 'timelines'> {
  readonly html?: string;
  readonly json?: boolean;
  readonly format?: CiFormatName;
  readonly quiet?: boolean;
}

/** Simulates designs and reports their figures. Returns the exit code. */
export async function runSimulate(names: readonly string[], flags: SimulateFlags): Promise<ExitCode> {
  checkWritable(flags.html);
  const loadAtStart = loadAverage();
  const { json, format, quiet } = flags;
  const output = new Output({ json: json === true || format !== undefined, quiet: quiet === true });
  const elapsed = stopwatch();
  const progress = createRunProgress(flags);
  const result = await simulate(names, { ...flags, timelines: flags.html !== undefined }, progress.hooks);
  progress.clear();
  report(result, flags, output);
  if (flags.html !== undefined) writeHtml(flags.html, result, { ...flags, loadAtStart });
  const suites = simulateSuites({ ...result, designs: result.figures }, flags.expect);
  output.printProseDetail(summaryLine('simulate', suites, elapsed()));
  if (json) output.document(createSimulateDocument(result, flags));
  if (format !== undefined) output.documentText(await ciDocument(format, suites));
  return exitCodeOf(result);
}

/** Creates a progress line of simulation runs, and hooks that update it and stop the runs at Ctrl-C. */
export function createRunProgress({ quiet }: { readonly quiet?: boolean }) {
  const line = new ProgressLine(quiet ? { write: () => {} } : process.stderr);
  const hooks: SimulateHooks = {
    signal: interruptSignal(),
    onStart: (label, position) => line.begin(label, position),
    onProgress: (run) => line.show(run.steps, (rate, seconds) => runProgressText(run, rate, seconds)),
  };
  return { hooks, clear: () => line.clear() };
}

function report(
  { figures, notRun, traceWasCut, brokenThresholds }: SimulateResult,
  flags: SimulateFlags,
  output: Output,
) {
  reportFigures(figures, flags, output);
  const [first] = notRun;
  if (first) {
    output.printProse(`${endReasonText[first.reason]}; not run: ${notRun.map(({ design }) => design).join(', ')}`);
  }
  if (traceWasCut) {
    output.printProse(
      `${flags.perfetto} reached its maximal size and ends before the run. --perfetto-from starts it later`,
    );
  }
  for (const { design, threshold } of brokenThresholds) output.printProse(`${design}: not ${threshold}`);
}

/** Returns the exit code of a simulation: violated, inconclusive if a run is partial, or holds. */
export function exitCodeOf({ figures, brokenThresholds, notRun }: SimulateResult): ExitCode {
  if (brokenThresholds.length > 0 || figures.some(({ violation }) => violation)) return ExitCode.violated;
  const isPartial = notRun.length > 0 || figures.some(({ endedEarly }) => endedEarly);
  return isPartial ? ExitCode.inconclusive : ExitCode.holds;
}

function writeHtml(
  path: string,
  { figures, timelines }: SimulateResult,
  flags: SimulateFlags & { readonly loadAtStart: string },
): void {
  const about = [
    experimentText(figures, flags),
    `seed ${flags.seed}, precopy ${version()}`,
    `made on ${plural(cpus().length, 'core')}; load average of a minute: ${flags.loadAtStart} at the start, ` +
      `${loadAverage()} at the end (simulated times do not depend on it)`,
  ];
  const designs = figures.map((one) => ({ ...one, label: labelOf(one) }));
  const page = simulationPage({ command: commandLine(), about, designs, timelines });
  withWriteErrors(path, () => writeFileSync(path, page));
}

/** Formats how busy the machine is: its load average of the last minute. */
const loadAverage = (): string => (loadavg()[0] ?? 0).toFixed(1);
