import type { CheckResult, VerificationJob } from '../../app/check/verification-job.ts';
import type { AnyDesign } from '../../model/design.ts';
import { type TextFormatName, textRenderer } from '../../trace/renderers.ts';
import { reportResult } from './check-report.ts';
import { DesignRows } from './check-rows.ts';
import type { Output } from './console-output.ts';

interface Display {
  readonly format: TextFormatName;
  /** whether each search is described, not only those without a proof */
  readonly verbose: boolean;
  readonly isSymbolic: boolean;
}

/** Prints the results of designs: a line for each that holds, and a description of each search that proves nothing. */
export class DesignReport {
  private readonly rows: DesignRows;
  private held: CheckResult[] = [];
  private isDescribed = false;
  private wasDescribed = false;

  constructor(
    private readonly jobs: readonly VerificationJob[],
    private readonly display: Display,
    private readonly output: Output,
  ) {
    this.rows = new DesignRows(jobs, output, display.isSymbolic);
  }

  /** Returns true if results of more than one design are printed, so that a summary is of use. */
  get isOfSeveral(): boolean {
    return new Set(this.jobs.map(({ design }) => design)).size > 1;
  }

  /** Prints the result of a search, or keeps it until `endDesign` prints the line of its design. */
  async add(result: CheckResult): Promise<void> {
    this.held.push(result);
    const { verdict } = result.exploration;
    const isOrdinary = verdict === 'holds' && !result.design.mutation;
    if (!this.isDescribed && isOrdinary && this.isOfSeveral && !this.display.verbose) return;
    this.isDescribed = true;
    for (const one of this.held.splice(0)) await this.describe(one);
  }

  /** Prints the line of a design, unless its searches were described. One of which a search failed has no line. */
  async endDesign(design: AnyDesign): Promise<void> {
    const results = this.held.splice(0);
    if (results.length === this.jobs.filter((job) => job.design === design).length) this.printRow(results);
    else for (const one of results) await this.describe(one);
    this.wasDescribed = this.isDescribed;
    this.isDescribed = false;
  }

  private printRow(results: readonly CheckResult[]): void {
    if (this.wasDescribed) this.output.gap();
    this.rows.print(results);
  }

  private async describe(result: CheckResult): Promise<void> {
    const { output } = this;
    const { exploration, trace } = result;
    if (exploration.all) {
      await (await import('./all-violations-report.ts')).reportAll(
        result,
        exploration.all,
        this.display.format,
        output,
      );
      return;
    }
    reportResult(result, output);
    if (exploration.coverage) (await import('./coverage-table.ts')).reportCoverage(exploration.coverage, output);
    if (!trace) return;
    const render = await textRenderer(this.display.format);
    output.printDetail(`\n${counterexampleTitle(result)}, confirmed on live actors:\n`);
    output.printDetail(render(trace, output));
  }
}

function counterexampleTitle({ exploration, trace }: CheckResult): string {
  if (trace?.cycle !== undefined) return 'An infinite fair run';
  const { sampled, bitstate, swarm, dpor } = exploration;
  return sampled || bitstate || swarm || dpor ? 'A shrunk counterexample' : 'A shortest counterexample';
}
