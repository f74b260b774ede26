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
  private started = 0;

  /** @param total number of jobs */
  constructor(
    options: Omit<CheckRunOptions, 'signal'>,
    private readonly display: { readonly total: number; readonly quiet: boolean },
  ) {
    this.progress = new ProgressLine(display.quiet ? { write: () => {} } : process.stderr);
    this.runner = new CheckRunner(
      { ...options, signal: interruptSignal() },
      {
        jobStarted: (job) => this.progress.begin(this.labelOf(job)),
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

  private labelOf({ design: { id } }: VerificationJob): string {
    this.started++;
    const { total } = this.display;
    return total > 1 ? `[${this.started}/${total}] ${id}` : id;
  }
}
