import { createCheckDocument } from '../app/check/check-document.ts';
import { type PlanOptions, planCheck } from '../app/check/check-plan.ts';
import type { CheckRunOptions } from '../app/check/check-runner.ts';
import type { NotChecked } from '../app/check/check-schema.ts';
import type { CheckResult } from '../app/check/verification-job.ts';
import { isBelowOwnParams } from '../model/design.ts';
import { type TextFormatName, textRenderer } from '../trace/renderers.ts';
import { CheckSession } from './check-session.ts';
import { ExitCode, worstExitCode } from './exit-codes.ts';
import { reportResult } from './report/check-report.ts';
import { Output } from './report/console-output.ts';
import { replayCommandLine } from './report/shell-command.ts';

interface CheckOptions extends PlanOptions, Omit<CheckRunOptions, 'signal'> {
  readonly format: TextFormatName;
  readonly json: boolean;
  readonly quiet: boolean;
}

/** Checks designs, and prints the result of each as soon as it is known. Mutants follow in a table. */
export async function runCheck(names: readonly string[], options: CheckOptions): Promise<ExitCode> {
  const { format, json, quiet, checkpoint } = options;
  const plan = await planCheck(names, options);
  if (checkpoint !== undefined) (await import('../app/check/checkpoint.ts')).assertWritable(checkpoint);
  const output = new Output({ json, quiet });
  const session = new CheckSession(options, { total: plan.designs.length + plan.mutants.length, quiet });

  const results: CheckResult[] = [];
  for (const job of plan.designs) {
    const result = await session.run(job);
    if (!result) continue;
    results.push(result);
    await reportDesign(result, format, output);
  }
  const mutants: CheckResult[] = [];
  for (const job of plan.mutants) {
    const result = await session.run(job);
    if (result) mutants.push(result);
  }
  if (mutants.length > 0) {
    const { reportMutants } = await import('./report/mutants-table.ts');
    reportMutants(mutants, output);
  }

  const { notChecked, exitCodes } = session;
  reportInterrupted(notChecked, output);
  suggestCommands(results, mutants, output);
  if (json) output.document(createCheckDocument({ results, mutants, notChecked }));
  return worstExitCode([...exitCodes, ...results.map(exitCodeOf), ...mutants.map(exitCodeOfMutant)]);
}

/** Prints what to run next. The commands that replay violations come last. */
function suggestCommands(results: readonly CheckResult[], mutants: readonly CheckResult[], output: Output): void {
  const violated = results.filter(({ trace }) => trace);
  const killed = mutants.find(({ trace, file }) => trace && file === undefined);
  if (violated.length > 0) output.gap();
  else if (killed) output.printDetail(`for a counterexample: npx precopy check ${killed.design.id}`);
  for (const { trace, file } of violated) {
    if (trace) output.print(`replay: ${replayCommandLine(trace.schedule, file)}`);
  }
}

/** Prints the designs that Ctrl-C left out. */
export function reportInterrupted(notChecked: readonly NotChecked[], output: Output): void {
  const interrupted = new Set(notChecked.filter(({ reason }) => reason === 'interrupted').map(({ design }) => design));
  if (interrupted.size > 0) output.printProse(`interrupted; not checked: ${[...interrupted].join(', ')}`);
}

async function reportDesign(result: CheckResult, format: TextFormatName, output: Output): Promise<void> {
  reportResult(result, output);
  const { exploration, trace } = result;
  if (exploration.coverage) (await import('./report/coverage-table.ts')).reportCoverage(exploration.coverage, output);
  if (!trace) return;
  const render = await textRenderer(format);
  output.printDetail(`\n${counterexampleTitle(result)}, confirmed on live actors:\n`);
  output.printDetail(render(trace, output));
}

function counterexampleTitle({ exploration, trace }: CheckResult): string {
  if (trace?.cycle !== undefined) return 'An infinite fair run';
  const { sampled, bitstate, swarm, dpor } = exploration;
  return sampled || bitstate || swarm || dpor ? 'A shrunk counterexample' : 'A shortest counterexample';
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
