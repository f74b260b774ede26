import { createCheckDocument } from '../app/check/check-document.ts';
import { type PlanOptions, planCheck } from '../app/check/check-plan.ts';
import type { CheckRunOptions } from '../app/check/check-runner.ts';
import type { NotChecked } from '../app/check/check-schema.ts';
import type { CheckResult } from '../app/check/verification-job.ts';
import { checkWritable } from '../app/files/output-file.ts';
import { stopwatch } from '../app/stop-condition.ts';
import { isBelowOwnParams } from '../model/design.ts';
import type { TextFormatName } from '../trace/renderers.ts';
import { CheckSession } from './check-session.ts';
import { checkSuites } from './ci/check-suites.ts';
import { ciDocument } from './ci/ci-document.ts';
import { type CiFormatName, isCiFormat, type Suite } from './ci/outcomes.ts';
import { summaryLine } from './ci/summary-line.ts';
import { ExitCode, worstExitCode } from './exit-codes.ts';
import { loadNow, writeReport } from './report/check-html.ts';
import { reportSummary } from './report/check-summary.ts';
import { Output } from './report/console-output.ts';
import { DesignReport } from './report/design-report.ts';
import { MutantRows } from './report/mutant-rows.ts';
import { commandLineOf, replayCommandLine } from './report/shell-command.ts';

export interface CheckOptions extends PlanOptions, Omit<CheckRunOptions, 'signal'> {
  /** of counterexamples, or of the document on stdout */
  readonly format: TextFormatName | CiFormatName;
  readonly json: boolean;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** file to write a report to */
  readonly html?: string;
}

/** Checks designs and then mutants, and prints the result of each as soon as it is known. */
export async function runCheck(names: readonly string[], options: CheckOptions): Promise<ExitCode> {
  const { format, json, quiet, verbose, checkpoint, html } = options;
  checkWritable(html);
  const loadBefore = loadNow();
  const plan = await planCheck(names, options);
  if (checkpoint !== undefined) (await import('../app/check/checkpoint.ts')).assertWritable(checkpoint);
  const ciFormat = isCiFormat(format) ? format : undefined;
  const output = new Output({ json: json || ciFormat !== undefined, quiet });
  const session = new CheckSession(options, { jobs: [...plan.designs, ...plan.mutants], quiet });

  const elapsed = stopwatch();
  const report = new DesignReport(
    plan.designs,
    {
      format: traceFormatOf(format),
      verbose: verbose || options.coverage === true || options.all === true,
      isSymbolic: options.strategy === 'symbolic',
    },
    output,
  );
  const results: CheckResult[] = [];
  for (const [n, job] of plan.designs.entries()) {
    const result = await session.run(job);
    if (result) {
      results.push(result);
      await report.add(result);
    }
    if (plan.designs[n + 1]?.design !== job.design) await report.endDesign(job.design);
  }
  const mutants: CheckResult[] = [];
  const rows = new MutantRows(plan.mutants, output, { withBugs: verbose || plan.mutants.length === 1 });
  for (const job of plan.mutants) {
    const result = await session.run(job);
    if (!result) continue;
    mutants.push(result);
    rows.print(result);
  }
  output.gap();
  if (report.isOfSeveral && results.length > 0) {
    reportSummary(results, { designs: plan.designs.map(({ design }) => design), seconds: elapsed() }, output);
  }
  if (mutants.length > 0) rows.printSummary();

  const { notChecked, exitCodes } = session;
  reportInterrupted(notChecked, output);
  const suites = suitesOf({ results, mutants, notChecked });
  if (results.length + mutants.length > 0) output.printProseDetail(summaryLine('check', suites, elapsed()));
  suggestCommands(results, mutants, output);
  if (html !== undefined) writeReport(html, { results, mutants, notChecked }, loadBefore);
  if (json) output.document(createCheckDocument({ results, mutants, notChecked }));
  if (ciFormat !== undefined) output.documentText(await ciDocument(ciFormat, suites));
  return worstExitCode([...exitCodes, ...results.map(exitCodeOf), ...mutants.map(exitCodeOfMutant)]);
}

/** Returns the format of counterexamples: columns where stdout has a document for a CI system. */
export const traceFormatOf = (format: CheckOptions['format']): TextFormatName =>
  isCiFormat(format) ? 'columns' : format;

/**
 * Returns results as suites.
 * @param mutants those that have to be killed; the properties of those in `results` have to hold
 */
export function suitesOf({ results, mutants, notChecked }: Parameters<typeof createCheckDocument>[0]): Suite[] {
  const own = createCheckDocument({ results, mutants: [], notChecked: [] });
  const killed = createCheckDocument({ results: [], mutants, notChecked: [] });
  return checkSuites({
    designs: [...own.designs, ...(own.mutants ?? [])],
    mutants: killed.mutants ?? [],
    notChecked,
  });
}

/** Prints what to run next. The commands that replay violations come last. */
function suggestCommands(results: readonly CheckResult[], mutants: readonly CheckResult[], output: Output): void {
  const violated = results.filter(({ trace, traces }) => trace && !traces);
  const killed = mutants.find(({ trace }) => trace);
  if (violated.length > 0) output.gap();
  else if (killed) output.printDetail(`for a counterexample: ${commandLineOf(['check', nameOf(killed)])}`);
  for (const { trace, file } of violated) {
    if (trace) output.print(`replay: ${replayCommandLine(trace.schedule, file)}`);
  }
}

/** Returns how a command names a design: by its id, or as one of its file. */
const nameOf = ({ design, file }: CheckResult): string => (file === undefined ? design.id : `${file}:${design.id}`);

/** Prints the designs that Ctrl-C left out. */
export function reportInterrupted(notChecked: readonly NotChecked[], output: Output): void {
  const interrupted = new Set(notChecked.filter(({ reason }) => reason === 'interrupted').map(({ design }) => design));
  if (interrupted.size > 0) output.printProse(`interrupted; not checked: ${[...interrupted].join(', ')}`);
}

/** Returns the exit code for the verdict on a design. */
export function exitCodeOf({ exploration: { verdict } }: CheckResult): ExitCode {
  return { holds: ExitCode.holds, violated: ExitCode.violated, inconclusive: ExitCode.inconclusive }[verdict];
}

/** Returns the exit code for a mutant: at its own params it has to be killed. */
function exitCodeOfMutant({ design, params, exploration: { verdict } }: CheckResult): ExitCode {
  if (verdict === 'holds' && !isBelowOwnParams(design, params)) return ExitCode.violated;
  return verdict === 'violated' ? ExitCode.holds : ExitCode.inconclusive;
}
