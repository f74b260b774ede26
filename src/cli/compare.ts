import { type CompareOptions, planComparison, runComparison } from '../app/compare/compare.ts';
import { stopwatch } from '../app/stop-condition.ts';
import { exitCodeOf, reportInterrupted, suitesOf } from './check.ts';
import { CheckSession } from './check-session.ts';
import { ciDocument } from './ci/ci-document.ts';
import type { CiFormatName } from './ci/outcomes.ts';
import { simulateSuites } from './ci/simulate-suites.ts';
import { summaryLine } from './ci/summary-line.ts';
import { type ExitCode, worstExitCode } from './exit-codes.ts';
import { reportComparison } from './report/compare-table.ts';
import { Output } from './report/console-output.ts';
import { createRunProgress, exitCodeOf as simulationExitCode } from './simulate.ts';

/** Flags of `compare`. */
export interface CompareFlags extends CompareOptions {
  readonly json?: boolean;
  readonly format?: CiFormatName;
  readonly quiet?: boolean;
}

/** Checks and simulates designs, and prints verdicts beside times. Returns the exit code. */
export async function runCompare(names: readonly string[], flags: CompareFlags): Promise<ExitCode> {
  const plan = await planComparison(names, flags);
  const elapsed = stopwatch();
  const session = new CheckSession({}, { jobs: plan.jobs, quiet: flags.quiet === true });
  const progress = createRunProgress(flags);
  const { checkResults, simulation, document } = await runComparison(plan, session, progress.hooks);
  progress.clear();
  const { json, format, quiet } = flags;
  const output = new Output({ json: json === true || format !== undefined, quiet: quiet === true });
  reportComparison(document, output);
  reportInterrupted(document.check.notChecked, output);
  const { notChecked } = document.check;
  const suites = [
    ...suitesOf({ results: checkResults, mutants: [], notChecked }),
    ...simulateSuites(document.simulate),
  ];
  output.printProseDetail(summaryLine('compare', suites, elapsed()));
  if (json) output.document(document);
  if (format !== undefined) output.documentText(await ciDocument(format, suites));
  return worstExitCode([...session.exitCodes, ...checkResults.map(exitCodeOf), simulationExitCode(simulation)]);
}
