import { createCheckDocument } from '../app/check/check-document.ts';
import { planCheck } from '../app/check/check-plan.ts';
import type { CheckResult } from '../app/check/verification-job.ts';
import { PrecopyError } from '../model/errors.ts';
import { type CheckOptions, exitCodeOf, reportInterrupted, suitesOf, traceFormatOf } from './check.ts';
import { CheckSession } from './check-session.ts';
import { ciDocument } from './ci/ci-document.ts';
import { isCiFormat } from './ci/outcomes.ts';
import { type ExitCode, worstExitCode } from './exit-codes.ts';
import { Output } from './report/console-output.ts';
import { reportGoal } from './report/goal-report.ts';

/**
 * Searches designs for a run to a goal, and prints it. Returns the exit code: it is 0 if the goal was reached in each.
 * @throws PrecopyError `BAD_PARAMETER` without a design, or with --mutants
 */
export async function runGoal(names: readonly string[], options: CheckOptions): Promise<ExitCode> {
  const { format, json, quiet, checkpoint } = options;
  if (names.length === 0 || options.onlyMutants) {
    const cause = names.length === 0 ? 'there is no design to search' : '--mutants is not for a search for one run';
    throw new PrecopyError('BAD_PARAMETER', cause, 'name a design or a mutant; `precopy designs` lists all');
  }
  const { designs } = await planCheck(names, options);
  if (checkpoint !== undefined) (await import('../app/check/checkpoint.ts')).assertWritable(checkpoint);
  const ciFormat = isCiFormat(format) ? format : undefined;
  const output = new Output({ json: json || ciFormat !== undefined, quiet });
  const session = new CheckSession(options, { jobs: designs, quiet });
  const results: CheckResult[] = [];
  for (const job of designs) {
    const result = await session.run(job);
    if (!result) continue;
    results.push(result);
    await reportGoal(result, traceFormatOf(format), output);
  }
  const { notChecked, exitCodes } = session;
  reportInterrupted(notChecked, output);
  if (json) output.document(createCheckDocument({ results, mutants: [], notChecked }));
  if (ciFormat !== undefined) {
    output.documentText(await ciDocument(ciFormat, suitesOf({ results, mutants: [], notChecked })));
  }
  return worstExitCode([...exitCodes, ...results.map(exitCodeOf)]);
}
