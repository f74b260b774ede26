import { availableParallelism, totalmem } from 'node:os';
import { checkDocument, type NotChecked } from '../app/check/check-document.ts';
import { checksOf, killingCheck, type Plan, planOf } from '../app/check/check-plan.ts';
import { CheckRunner, type CheckRunOptions } from '../app/check/check-runner.ts';
import { isSafetyOnly, type SearchLimits } from '../app/check/engine-driver.ts';
import { type Outcome, prepare, type VerificationJob } from '../app/check/verification-job.ts';
import type { Target } from '../app/designs/design-registry.ts';
import { isBelowOwnParams } from '../model/design.ts';
import type { MemoryModel } from '../model/store-buffer.ts';
import { maxThreads } from '../search/parallel/max-workers.ts';
import type { TextFormatName } from '../trace/format-names.ts';
import { ExitCode, worstExitCode } from './exit-codes.ts';
import { replayCommand } from './replay-command.ts';
import { reportOutcome } from './report/check-report.ts';
import { Output } from './report/console-output.ts';

export interface CheckOptions {
  readonly mutants?: boolean;
  /** liveness alone, or safety alone; both where it is not told */
  readonly liveness?: boolean;
  readonly params: Readonly<Record<string, number>>;
  /** each design's own unless told */
  readonly memoryModel?: MemoryModel;
  readonly limits: SearchLimits;
  /** how many threads search; as many as there are cores unless told */
  readonly workers?: number;
  /** the folder in which searches are kept, to go on with them */
  readonly checkpoint?: string;
  readonly format: TextFormatName;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Checks what is named, and says what came of it: of each design as soon as that is known, of mutants in a table. */
export async function check(names: readonly string[], options: CheckOptions): Promise<ExitCode> {
  const { quiet = false, checkpoint } = options;
  const plan = await planOf(names, options.mutants === true);
  if (checkpoint !== undefined) (await import('../app/check/checkpoint.ts')).checkFolder(checkpoint);
  const { alone, inTable } = await prepareAll(plan, options);
  const output = new Output(options);
  const conductor = new CheckRunner(checkConditions({ total: alone.length + inTable.length, quiet }, options));

  const outcomes: Outcome[] = [];
  for (const run of alone) {
    const outcome = await conductor.run(run);
    if (!outcome) continue;
    outcomes.push(outcome);
    await reportAlone(outcome, options.format, output);
  }
  const mutants: Outcome[] = [];
  for (const run of inTable) mutants.push(...([await conductor.run(run)].filter(Boolean) as Outcome[]));
  if (mutants.length > 0) {
    const { reportMutants } = await import('./report/mutants-table.ts');
    reportMutants(mutants, output);
  }

  const { notChecked, exitCodes } = conductor;
  reportRest(outcomes, mutants, notChecked, output);
  if (options.json) output.document(checkDocument({ outcomes, mutants, notChecked }));
  return worstExitCode([...exitCodes, ...outcomes.map(exitCodeOf), ...mutants.map(exitCodeInTable)]);
}

/** What was left out, and where to go from here: the command that replays a violation comes last. */
function reportRest(
  outcomes: readonly Outcome[],
  mutants: readonly Outcome[],
  notChecked: readonly NotChecked[],
  output: Output,
): void {
  reportInterrupted(notChecked, output);
  const violated = outcomes.filter(({ trace }) => trace);
  const shown = mutants.find(({ trace, file }) => trace && file === undefined);
  if (violated.length > 0) output.gap();
  else if (shown) output.printDetail(`for a counterexample: npx precopy check ${shown.design.id}`);
  for (const { trace, file } of violated) if (trace) output.print(`replay: ${replayCommand(trace.schedule, file)}`);
}

/** What came to nothing, as Ctrl-C was before its turn. */
export function reportInterrupted(notChecked: readonly NotChecked[], output: Output): void {
  const interrupted = [
    ...new Set(notChecked.flatMap(({ design, reason }) => (reason === 'interrupted' ? [design] : []))),
  ];
  if (interrupted.length > 0) output.print(`interrupted; not checked: ${interrupted.join(', ')}`);
}

/** Everything is compiled before anything is searched, so that what is wrong with the input is said at once. */
async function prepareAll(
  plan: Plan,
  { params, memoryModel, limits, ...options }: CheckOptions,
): Promise<{ readonly alone: readonly VerificationJob[]; readonly inTable: readonly VerificationJob[] }> {
  const liveness = isSafetyOnly(limits) ? false : options.liveness;
  const under = (target: Target): Target =>
    memoryModel ? { ...target, design: { ...target.design, memoryModel } } : target;
  const runsOf = (targets: readonly Target[]): Promise<VerificationJob[]> =>
    Promise.all(
      targets
        .map(under)
        .flatMap((target) =>
          checksOf(target.design, liveness).map((checks) => prepare(target, checks, params, limits)),
        ),
    );
  const caught = plan.mutants.filter(
    ({ design }) => liveness === undefined || killingCheck(design) === (liveness ? 'liveness' : 'safety'),
  );
  return { alone: await runsOf(plan.designs), inTable: await runsOf(caught) };
}

async function reportAlone(outcome: Outcome, format: TextFormatName, output: Output): Promise<void> {
  reportOutcome(outcome, output);
  const { coverage } = outcome.exploration;
  if (coverage) (await import('./report/coverage-table.ts')).reportCoverage(coverage, output);
  if (outcome.trace) {
    const { textFormats } = await import('../trace/renderers.ts');
    const { sampled, bitstate, swarm, dpor } = outcome.exploration;
    const kind = sampled || bitstate || swarm || dpor ? 'A shrunk counterexample' : 'A shortest counterexample';
    const title = outcome.trace.cycle === undefined ? kind : 'A run that never comes to it';
    output.printDetail(`\n${title}, confirmed on live actors:\n`);
    output.printDetail(textFormats[format](outcome.trace, output));
  }
}

/** Under which conditions designs are checked: half of the machine's memory and all of its cores unless told. */
export function checkConditions(
  all: Pick<CheckRunOptions, 'total' | 'quiet'>,
  { limits, workers, checkpoint }: Partial<Pick<CheckOptions, 'limits' | 'workers' | 'checkpoint'>> = {},
): CheckRunOptions {
  return {
    ...all,
    limits: { maxMemoryBytes: memoryOfMachine() / 2, ...limits },
    workers: workers ?? Math.min(availableParallelism(), maxThreads),
    checkpoint,
  };
}

/** Of the container, where there is one. */
function memoryOfMachine(): number {
  const constrained = process.constrainedMemory();
  return constrained ? Math.min(constrained, totalmem()) : totalmem();
}

/** What the verdict on a design ends a process with. */
export function exitCodeOf({ exploration: { verdict } }: Outcome): ExitCode {
  return { holds: ExitCode.holds, violated: ExitCode.violated, inconclusive: ExitCode.inconclusive }[verdict];
}

/** A mutant is there to be caught, where it has to show. */
function exitCodeInTable({ design, params, exploration: { verdict } }: Outcome): ExitCode {
  if (verdict === 'holds' && !isBelowOwnParams(design, params)) return ExitCode.violated;
  return verdict === 'violated' ? ExitCode.holds : ExitCode.inconclusive;
}
