import { tmpdir } from 'node:os';
import { ExitCode } from '../../cli/exit-codes.ts';
import { reportFailure } from '../../cli/report/error-report.ts';
import { ProgressLine } from '../../cli/report/progress.ts';
import { Interrupt } from '../../cli/sigint.ts';
import { SpillFile } from '../files/spill-file.ts';
import { SearchThreads } from '../workers/search-worker-pool.ts';
import type { NotChecked } from './check-document.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { SearchLimits } from './engine-driver.ts';
import { wayOf } from './search-mode.ts';
import { execute, type Outcome, type VerificationJob } from './verification-job.ts';

/** What all runs have in common. */
export interface CheckRunOptions {
  readonly limits: SearchLimits;
  /** how many runs there are */
  readonly total: number;
  readonly quiet: boolean;
  /** how many threads search */
  readonly workers: number;
  /** the folder of checkpoints */
  readonly checkpoint: string | undefined;
}

/** Carries out one run after the other. What fails or is interrupted does not keep the others from their verdict. */
export class CheckRunner {
  readonly notChecked: NotChecked[] = [];
  /** of what has no verdict */
  readonly exitCodes: ExitCode[] = [];
  private readonly interrupt = new Interrupt();
  private readonly progress: ProgressLine;
  private readonly threads: SearchThreads | undefined;
  private started = 0;

  constructor(private readonly conditions: CheckRunOptions) {
    const { workers, quiet } = conditions;
    this.threads = workers > 1 ? new SearchThreads(workers) : undefined;
    this.progress = new ProgressLine(quiet ? { write: () => {} } : process.stderr);
  }

  /** Undefined where there is no verdict. */
  async run(run: VerificationJob): Promise<Outcome | undefined> {
    const { id } = run.design;
    if (this.interrupt.requested) {
      this.exitCodes.push(ExitCode.inconclusive);
      this.notChecked.push({ design: id, reason: 'interrupted' });
      return undefined;
    }
    this.started++;
    const { total, limits, checkpoint } = this.conditions;
    const store = new SpillFile(checkpoint ?? tmpdir(), (text) => this.warn(text));
    this.progress.begin(total > 1 ? `[${this.started}/${total}] ${id}` : id);
    try {
      return await execute(run, limits, this.interrupt, this.progress, {
        threads: this.threads?.for(run, run.program.params, wayOf(limits)),
        workers: this.conditions.workers,
        checkpoint: await this.checkpointOf(run),
        store,
      });
    } catch (error) {
      this.progress.clear();
      const { cause, exitCode } = reportFailure(error);
      this.exitCodes.push(exitCode);
      this.notChecked.push({ design: id, reason: cause });
      return undefined;
    } finally {
      store.close();
      this.progress.clear();
    }
  }

  /** Only what visits all states can go on. */
  private async checkpointOf({ program, checks, file }: VerificationJob): Promise<Checkpoint | undefined> {
    const { checkpoint, limits } = this.conditions;
    if (checkpoint === undefined || checks === 'liveness') return undefined;
    const [{ Checkpoint }, { hashOfSources }] = await Promise.all([
      import('./checkpoint.ts'),
      import('../files/source-hash.ts'),
    ]);
    const search = { program, sources: hashOfSources(file), options: optionsText(limits) };
    return new Checkpoint(checkpoint, search, (text) => this.warn(text));
  }

  private warn(text: string): void {
    this.progress.clear();
    process.stderr.write(`precopy: ${text}\n`);
  }
}

/** What decides which states a search keeps, and what it counts. */
function optionsText({ reductions = [], preemptions, coverage }: SearchLimits): string {
  return [
    ...(reductions.length > 0 ? [`by ${reductions.join(' and ')}`] : []),
    ...(preemptions === undefined ? [] : [`with --preemptions ${preemptions}`]),
    ...(coverage ? ['with --coverage'] : []),
  ].join(', ');
}
