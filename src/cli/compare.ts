import { checkDocument } from '../app/check/check-document.ts';
import { checksOf } from '../app/check/check-plan.ts';
import { CheckRunner } from '../app/check/check-runner.ts';
import { type Outcome, prepare, type VerificationJob } from '../app/check/verification-job.ts';
import type { CompareDocument, Compared } from '../app/compare/compare-document.ts';
import { designs, resolveTargets } from '../app/designs/design-registry.ts';
import { createStopCondition, experimentsFor, runExperiment } from '../app/simulate/experiments.ts';
import type { Experiment } from '../simulate/simulation-run.ts';
import { checkConditions, exitCodeOf, reportInterrupted } from './check.ts';
import type { CompareFlags } from './commands/compare.ts';
import { ExitCode, worstExitCode } from './exit-codes.ts';
import { reportCompared } from './report/compare-table.ts';
import { Output } from './report/console-output.ts';
import { ProgressLine } from './report/progress.ts';

/** Checks what is named, runs it under the clock, and puts both side by side. */
export async function compare(names: readonly string[], flags: CompareFlags): Promise<ExitCode> {
  const targets = names.length > 0 ? await resolveTargets(names) : designs.map((design) => ({ design }));
  const experiments = await experimentsFor(targets, flags, { collectEveryNs: flags.collectEvery * 1e9 });
  const checks = await Promise.all(
    targets.map((target) =>
      Promise.all(checksOf(target.design, undefined).map((kind) => prepare(target, kind, flags.checkParam))),
    ),
  );
  const output = new Output(flags);
  const stop = createStopCondition();
  const conductor = new CheckRunner(checkConditions({ total: checks.flat().length, quiet: flags.quiet === true }));
  const progress = new ProgressLine(flags.quiet ? { write: () => {} } : process.stderr);
  const compared: Compared[] = [];
  const exitCodes: ExitCode[] = [];
  for (const [n, experiment] of experiments.entries()) {
    const hasBegun = stop() === undefined;
    const outcomes = await checked(checks[n] as readonly VerificationJob[], conductor);
    if (!hasBegun) continue;
    progress.begin(experiment.design.id);
    const clock = { ...(await runExperiment(experiment, { runs: 1, workers: 1 }, stop, progress)), swept: {} };
    compared.push({ design: experiment.design.id, ...verdictOf(experiment, outcomes), clock });
    exitCodes.push(...outcomes.map(exitCodeOf));
    if (clock.violation) exitCodes.push(ExitCode.violated);
    else if (clock.endedEarly) exitCodes.push(ExitCode.inconclusive);
  }
  const { notChecked } = conductor;
  reportCompared(compared, flags, output);
  reportInterrupted(notChecked, output);
  if (flags.json) {
    const { seed, profile, workload, collectEvery } = flags;
    output.document({
      format: 'precopy-compare',
      version: 1,
      seed,
      profile,
      workload,
      collectEverySeconds: collectEvery,
      designs: compared,
      notChecked,
    } satisfies CompareDocument);
  }
  return worstExitCode([...exitCodes, ...conductor.exitCodes]);
}

async function checked(runs: readonly VerificationJob[], conductor: CheckRunner): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const run of runs) {
    const outcome = await conductor.run(run);
    if (outcome) outcomes.push(outcome);
  }
  return outcomes;
}

/** Safety and liveness of a design in one entry; nothing where neither has a verdict. */
function verdictOf({ design }: Experiment, outcomes: readonly Outcome[]): Pick<Compared, 'check'> {
  if (outcomes.length === 0) return {};
  const { designs, mutants = [] } = checkDocument({ outcomes, mutants: [], notChecked: [] });
  const check = [...designs, ...mutants].find((entry) => entry.design === design.id);
  return check ? { check } : {};
}
