import { isCampaignFolder } from '../../app/campaign/campaign-folder.ts';
import { memoryForEach, runLocalWorkers, workersFor } from '../../app/campaign/local-workers.ts';
import { mergeResults, shardLabel } from '../../app/campaign/merge.ts';
import { costOf, type PlannedCampaign, planCampaign } from '../../app/campaign/plan-campaign.ts';
import { assertOwnVersion, assertWritableFolder, readPlan } from '../../app/campaign/plan-file.ts';
import type { Shard, Task } from '../../app/campaign/plan-schema.ts';
import type { FailedOutcome, Outcome } from '../../app/campaign/record-schema.ts';
import { selectShards } from '../../app/campaign/select-shards.ts';
import { CampaignWatch } from '../../app/campaign/status.ts';
import { runWorker, type WorkerResult } from '../../app/campaign/worker.ts';
import { PrecopyError } from '../../model/errors.ts';
import { ExitCode, worstExitCode } from '../exit-codes.ts';
import { Output } from '../report/console-output.ts';
import { reportFailure } from '../report/error-report.ts';
import { plural } from '../report/plural.ts';
import { printable } from '../report/printable.ts';
import { ProgressLine } from '../report/progress.ts';
import { commandLineOf } from '../report/shell-command.ts';
import { interruptSignal, parentEnd } from '../sigint.ts';
import { commandFor, exitCodeOf, reportResults } from './merge.ts';
import { reportPlan } from './plan.ts';
import { progressParts } from './status.ts';

/** Flags of `campaign run`. */
export interface RunFlags {
  readonly out?: string;
  readonly yes?: boolean;
  readonly shard?: string;
  readonly next?: boolean;
  readonly workers?: number;
  readonly memory?: number;
  readonly stopOnViolation?: boolean;
  readonly retryFailed?: boolean;
  readonly lease: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

const progressMs = 500;

/** Runs a campaign on this machine, or shards of it. Returns the exit code. */
export async function runCampaign(target: string, flags: RunFlags): Promise<ExitCode> {
  const isPart = flags.shard !== undefined || flags.next === true;
  if (flags.shard !== undefined && flags.next) {
    throw new PrecopyError('BAD_PARAMETER', '--shard cannot be combined with --next', 'leave one of the two out');
  }
  if (isPart && flags.workers !== undefined) {
    throw new PrecopyError('BAD_PARAMETER', '--workers is for a whole campaign', 'start several workers with --next');
  }
  if (isPart && !isCampaignFolder(target)) readPlan(target);
  const output = new Output(flags);
  const planned = await plannedCampaign(target, flags, output);
  return isPart ? runPart(planned, flags, output) : runAll(planned, flags, output);
}

async function plannedCampaign(target: string, { out, yes }: RunFlags, output: Output): Promise<PlannedCampaign> {
  if (isCampaignFolder(target)) {
    if (out !== undefined) throw new PrecopyError('BAD_PARAMETER', '--out is for a campaign file', 'leave it out');
    const plan = readPlan(target);
    assertOwnVersion(target, plan);
    assertWritableFolder(target);
    return { folder: target, plan };
  }
  const planned = await planCampaign(target, { out, isLarge: yes === true });
  reportPlan(planned, output);
  return planned;
}

/** Runs the shards of one worker. */
async function runPart({ folder, plan }: PlannedCampaign, flags: RunFlags, output: Output): Promise<ExitCode> {
  const shards = flags.shard === undefined ? plan.shards : selectShards(plan, flags.shard);
  const progress = new ProgressLine(flags.quiet ? { write: () => {} } : process.stderr);
  const labelOf = (shard: Shard): string => shardLabel(plan.tasks[shard.task] as Task, shard);
  let nth = 0;
  const working = runWorker(folder, plan, {
    shards,
    signal: AbortSignal.any([interruptSignal(), parentEnd()]),
    memoryBytes: flags.memory,
    stopsOnViolation: flags.stopOnViolation === true,
    retriesFailures: flags.retryFailed === true,
    lapseSeconds: flags.lease,
    warn: (message) => {
      progress.clear();
      process.stderr.write(`${printable(`precopy: ${message}`)}\n`);
    },
    onStart: (shard) => {
      progress.begin(labelOf(shard));
      progress.show(nth++, () => [plural(nth, 'shard')]);
    },
    onEnd: (shard, outcome) => {
      progress.clear();
      const text = newsOf(outcome);
      if (text !== undefined) output.printProseDetail(`${labelOf(shard)} (${shard.id}): ${text}`);
    },
  });
  const result = await working.catch((error: unknown) => {
    if (!(error instanceof PrecopyError && error.code === 'BAD_FILE')) throw error;
    // The folder cannot be written any more: what was written before is kept.
    reportFailure(error);
    return undefined;
  });
  progress.clear();
  if (!result) return ExitCode.unfinished;
  output.print(partText(result, shards.length));
  if (result.left > 0) output.print(`go on: ${commandLineOf(process.argv.slice(2))}`);
  return exitCodeOfPart(result);
}

/** Returns what is worth a line of an outcome: a violation, or a failure. */
function newsOf(outcome: Outcome): string | undefined {
  if (outcome.kind === 'failed') return `failed: ${outcome.cause}. ${outcome.remedy}`;
  if (outcome.kind === 'simulate') {
    const { violation } = outcome.run.figures;
    return violation && `VIOLATED: ${violation.property}`;
  }
  const { verdict, counterexample } = outcome.entry;
  return verdict === 'violated' ? `VIOLATED: ${counterexample?.property}` : undefined;
}

function partText({ done, failures, left }: WorkerResult, all: number): string {
  const failed = failures.length > 0 ? `, ${failures.length} failed` : '';
  return `${done} of ${plural(all, 'shard')} done${failed}${left > 0 ? `, ${left} left` : ''}`;
}

function exitCodeOfPart({ hasViolation, failures, left }: WorkerResult): ExitCode {
  return worstExitCode([
    ...failures.map(exitCodeOfFailure),
    ...(left > 0 ? [ExitCode.unfinished] : []),
    ...(hasViolation ? [ExitCode.violated] : []),
  ]);
}

function exitCodeOfFailure({ reason, isInternal }: Pick<FailedOutcome, 'reason' | 'isInternal'>): ExitCode {
  if (reason !== 'error') return ExitCode.unfinished;
  return isInternal ? ExitCode.internal : ExitCode.usage;
}

/** Runs all shards with worker processes, and joins their results. */
async function runAll({ folder, plan }: PlannedCampaign, flags: RunFlags, output: Output): Promise<ExitCode> {
  const { memoryBytes } = costOf(plan, plan.shards);
  const workers = flags.workers ?? workersFor(memoryBytes, plan.shards.length);
  const signal = interruptSignal();
  const watch = new CampaignWatch(folder, plan);
  const progress = new ProgressLine(flags.quiet ? { write: () => {} } : process.stderr);
  progress.begin(plan.name);
  const timer = setInterval(() => {
    const status = watch.status();
    progress.show(status.done, () => progressParts(status, workers));
  }, progressMs);
  const args = ['campaign', 'run', folder, '--next', '--quiet', '--lease', `${flags.lease}s`];
  args.push('--memory', `${flags.memory ?? memoryForEach(workers)}B`);
  if (flags.stopOnViolation) args.push('--stop-on-violation');
  let deaths = 0;
  try {
    deaths = await runLocalWorkers(args, { workers, firstArgs: flags.retryFailed ? ['--retry-failed'] : [], signal });
  } finally {
    clearInterval(timer);
    progress.clear();
  }
  if (deaths > 0 && !signal.aborted) output.printProse(`${plural(deaths, 'worker')} died, and others took over`);
  return reportEnd(folder, flags, output, signal.aborted);
}

function reportEnd(folder: string, flags: RunFlags, output: Output, wasInterrupted: boolean): ExitCode {
  const document = mergeResults([folder], commandFor);
  reportResults(document, folder, output);
  if (flags.json) output.document(document);
  const failures = document.failed.map(({ reason }) => reason !== 'error');
  const isLeft = document.missing.length > 0 && !(flags.stopOnViolation && document.verdict === 'violated');
  if (wasInterrupted || isLeft) output.print(`go on: ${commandLineOf(['campaign', 'run', folder])}`);
  return worstExitCode([
    exitCodeOf(document),
    ...(wasInterrupted || isLeft || failures.includes(true) ? [ExitCode.unfinished] : []),
    ...(failures.includes(false) ? [ExitCode.usage] : []),
  ]);
}
