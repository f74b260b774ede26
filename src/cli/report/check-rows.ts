import type { CheckResult, VerificationJob } from '../../app/check/verification-job.ts';
import { showCount, showSeconds } from '../options/units.ts';
import { briefCaveats, verdictWord } from './check-report.ts';
import type { Output } from './console-output.ts';
import { RowFormat } from './rows.ts';
import { Sizes } from './sizes.ts';

/** Prints one line for each design of a check: its verdict, the states of its searches, their time, and the params. */
export class DesignRows {
  private readonly format: RowFormat;
  private readonly kinds: readonly VerificationJob['checks'][];
  private readonly sizes: Sizes;
  private isFirst = true;

  constructor(
    jobs: readonly VerificationJob[],
    private readonly output: Output,
  ) {
    this.kinds = (['safety', 'liveness'] as const).filter((kind) => jobs.some(({ checks }) => checks === kind));
    this.sizes = new Sizes(jobs.map(({ design, program }) => ({ design, params: program.params })));
    const columns = [
      { title: 'design', width: Math.max(...jobs.map(({ design }) => design.id.length)) },
      { title: 'verdict', width: 'verdict'.length },
      ...this.kinds.map((title) => ({ title, width: 'n,nnn,nnn'.length, right: true })),
      { title: 'time', width: 'n min nn s'.length, right: true },
      { title: 'sizes', width: 'n/n/nn/n'.length },
    ];
    this.format = new RowFormat(columns, output);
  }

  /** Prints the line of a design, and below it what its verdict does not say. */
  print(results: readonly CheckResult[]): void {
    const { output } = this;
    const [first] = results;
    if (!first) return;
    const id = output.ink.bold(first.design.id);
    const verdict = verdictWord(results, output);
    if (output.isQuiet) output.print(`${id} ${verdict}`);
    else this.printRow([id, verdict], first, results);
    for (const text of results.flatMap(briefCaveats)) output.printProse(`  ${output.ink.yellow(text)}`);
  }

  private printRow(start: readonly string[], first: CheckResult, results: readonly CheckResult[]): void {
    if (this.isFirst) this.printHead();
    this.isFirst = false;
    const states = this.kinds.map((kind) => {
      const result = results.find(({ checks }) => checks === kind);
      return result ? showCount(result.exploration.states) : '-';
    });
    const seconds = results.reduce((sum, one) => sum + one.seconds, 0);
    this.output.print(this.format.row([...start, ...states, showSeconds(seconds), this.sizes.textOf(first)]));
  }

  private printHead(): void {
    const { output, sizes, kinds } = this;
    const states = `${kinds.join(', ')}: states`;
    output.gap();
    output.printProseDetail(sizes.names === '' ? states : `${states}; sizes of ${kinds[0]}: ${sizes.names}`);
    output.printDetail('');
    const titles = this.format.titles();
    if (titles !== undefined) output.printDetail(titles);
  }
}
