import type { NotChecked } from './check-document.ts';
import { ExitCode } from './exit-codes.ts';
import { reportFailure } from './failure.ts';
import { Interrupt } from './interrupt.ts';
import { ProgressLine } from './progress.ts';
import { carryOut, type Outcome, type Run } from './run.ts';
import type { SearchLimits } from './search.ts';

/** Carries out one run after the other. What fails or is interrupted does not keep the others from their verdict. */
export class Conductor {
  readonly notChecked: NotChecked[] = [];
  /** of what has no verdict */
  readonly exitCodes: ExitCode[] = [];
  private readonly interrupt = new Interrupt();
  private readonly progress: ProgressLine;
  private started = 0;

  constructor(
    private readonly limits: SearchLimits,
    private readonly total: number,
    quiet: boolean,
  ) {
    this.progress = new ProgressLine(quiet ? { write: () => {} } : process.stderr);
  }

  /** Undefined where there is no verdict. */
  async carryOut(run: Run): Promise<Outcome | undefined> {
    const { id } = run.design;
    if (this.interrupt.requested) {
      this.exitCodes.push(ExitCode.inconclusive);
      this.notChecked.push({ design: id, reason: 'interrupted' });
      return undefined;
    }
    this.started++;
    this.progress.begin(this.total > 1 ? `[${this.started}/${this.total}] ${id}` : id);
    try {
      return await carryOut(run, this.limits, this.interrupt, this.progress);
    } catch (error) {
      this.progress.clear();
      const { cause, exitCode } = reportFailure(error);
      this.exitCodes.push(exitCode);
      this.notChecked.push({ design: id, reason: cause });
      return undefined;
    } finally {
      this.progress.clear();
    }
  }
}
