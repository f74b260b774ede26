import { CheckRunner, type CheckRunOptions } from '../app/check/check-runner.ts';
import type { NotChecked } from '../app/check/check-schema.ts';
import type { CheckResult, VerificationJob } from '../app/check/verification-job.ts';
import { ExitCode } from './exit-codes.ts';
import { reportFailure } from './report/error-report.ts';
import { printable } from './report/printable.ts';
import { ProgressLine } from './report/progress.ts';
import { interruptSignal } from './sigint.ts';

/** Runs jobs of a command: with a progress line, with failures on stderr, and until Ctrl-C. */
export class CheckSession {
  /** of jobs without a verdict */
  readonly exitCodes: ExitCode[] = [];
  private readonly runner: CheckRunner;
  private readonly progress: ProgressLine;
  private readonly printed = new Set<string>();
  private readonly designs: readonly VerificationJob['design'][];

  /** @param jobs that will be run, for the progress line */
  constructor(
    options: Omit<CheckRunOptions, 'signal'>,
    { jobs, quiet }: { readonly jobs: readonly VerificationJob[]; readonly quiet: boolean },
  ) {
    this.designs = [...new Set(jobs.map(({ design }) => design))];
    this.progress = new ProgressLine(quiet ? { write: () => {} } : process.stderr);
    this.runner = new CheckRunner(
      { ...options, signal: interruptSignal() },
      {
        jobStarted: ({ design }) =>
          this.progress.begin(design.id, { nth: this.designs.indexOf(design) + 1, total: this.designs.length }),
        progressed: (progress) => this.progress.update(progress),
        warned: (message) => {
          this.progress.clear();
          process.stderr.write(`${printable(`precopy: ${message}`)}\n`);
        },
        jobFailed: (_, error) => {
          this.progress.clear();
          this.exitCodes.push(reportFailure(error, this.printed).exitCode);
        },
        jobSkipped: () => this.exitCodes.push(ExitCode.inconclusive),
        jobEnded: () => this.progress.clear(),
      },
    );
  }

  get notChecked(): readonly NotChecked[] {
    return this.runner.notChecked;
  }

  /** Runs a job. Returns `undefined` if it has no verdict. */
  run(job: VerificationJob): Promise<CheckResult | undefined> {
    return this.runner.run(job);
  }
}
