import { type CompareOptions, planComparison, runComparison } from '../app/compare/compare.ts';
import { exitCodeOf, reportInterrupted } from './check.ts';
import { CheckSession } from './check-session.ts';
import { type ExitCode, worstExitCode } from './exit-codes.ts';
import { reportComparison } from './report/compare-table.ts';
import { Output } from './report/console-output.ts';
import { createRunProgress, exitCodeOf as simulationExitCode } from './simulate.ts';

/** Flags of `compare`. */
export interface CompareFlags extends CompareOptions {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Checks and simulates designs, and prints verdicts beside times. Returns the exit code. */
export async function runCompare(names: readonly string[], flags: CompareFlags): Promise<ExitCode> {
  const plan = await planComparison(names, flags);
  const session = new CheckSession({}, { jobs: plan.jobs, quiet: flags.quiet === true });
  const progress = createRunProgress(flags);
  const { checkResults, simulation, document } = await runComparison(plan, session, progress.hooks);
  progress.clear();
  const output = new Output(flags);
  reportComparison(document, output);
  reportInterrupted(document.check.notChecked, output);
  if (flags.json) output.document(document);
  return worstExitCode([...session.exitCodes, ...checkResults.map(exitCodeOf), simulationExitCode(simulation)]);
}
