import type { CheckResult, VerificationJob } from '../../app/check/verification-job.ts';
import { showBytes, showCount, showSeconds } from '../options/units.ts';
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

  /** @param isSymbolic whether the lines have processor time and memory, which decide how far a symbolic search gets */
  constructor(
    jobs: readonly VerificationJob[],
    private readonly output: Output,
    private readonly isSymbolic: boolean,
  ) {
    this.kinds = (['safety', 'liveness'] as const).filter((kind) => jobs.some(({ checks }) => checks === kind));
    this.sizes = new Sizes(jobs.map(({ design, program }) => ({ design, params: program.params })));
    const columns = [
      { title: 'design', width: Math.max(...jobs.map(({ design }) => design.id.length)) },
      { title: 'verdict', width: 'verdict'.length },
      ...this.kinds.map((title) => ({ title, width: 'n,nnn,nnn'.length, right: true })),
      { title: 'time', width: 'n min nn s'.length, right: true },
      ...(isSymbolic
        ? [
            { title: 'CPU', width: 'n min nn s'.length, right: true },
            { title: 'memory', width: 'nnn MiB'.length, right: true },
          ]
        : []),
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
      return result ? statesText(result) : '-';
    });
    const seconds = results.reduce((sum, one) => sum + one.seconds, 0);
    const cells = [...start, ...states, showSeconds(seconds), ...this.costsOf(results), this.sizes.textOf(first)];
    this.output.print(this.format.row(cells));
  }

  private costsOf(results: readonly CheckResult[]): string[] {
    if (!this.isSymbolic) return [];
    const cpuSeconds = results.reduce((sum, one) => sum + (one.cpuSeconds ?? 0), 0);
    const bytes = Math.max(...results.map(({ exploration }) => exploration.tableBytes));
    return [showSeconds(cpuSeconds), showBytes(bytes)];
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

/** Formats the number of states with all its digits. */
function statesText({ exploration: { symbolic, states } }: CheckResult): string {
  return showCount(symbolic ? BigInt(symbolic.states) : states);
}
