import type { CheckResult, VerificationJob } from '../../app/check/verification-job.ts';
import { isBelowOwnParams } from '../../model/design.ts';
import type { Trace } from '../../model/trace.ts';
import { stemOf } from '../../trace/describe.ts';
import { showCount, showSeconds } from '../options/units.ts';
import { describeMutation, paramsText, stopReasonText } from './check-report.ts';
import type { Output } from './console-output.ts';
import { plural } from './plural.ts';
import { RowFormat } from './rows.ts';

/** Prints one line for each mutant: the property that kills it, and the length of the counterexample. */
export class MutantRows {
  private readonly format: RowFormat;
  private readonly results: CheckResult[] = [];

  /** @param display.withBugs whether to describe the bug of each mutant below its line */
  constructor(
    jobs: readonly VerificationJob[],
    private readonly output: Output,
    private readonly display: { readonly withBugs: boolean },
  ) {
    const longest = (texts: readonly string[]): number => Math.max(0, ...texts.map(({ length }) => length));
    const columns = [
      { title: 'mutant', width: longest(jobs.map(({ design }) => design.id)) },
      { title: 'killed by', width: longest(jobs.map(({ design }) => design.mutation?.breaks ?? '')) },
      { title: 'steps', width: 'steps'.length, right: true },
      { title: 'states', width: 'nnn,nnn'.length, right: true },
      { title: 'time', width: 'n.nn s'.length, right: true },
    ];
    this.format = new RowFormat(columns, output);
  }

  print(result: CheckResult): void {
    const { output, format, results } = this;
    if (results.length === 0) {
      output.gap();
      const titles = format.titles();
      if (titles !== undefined) output.printDetail(titles);
    }
    results.push(result);
    output.printDetail(format.row(cellsOf(result)));
    if (this.display.withBugs) output.paragraph(describeMutation(result.design), 4);
  }

  /** Prints how many mutants were killed, and those that were not. */
  printSummary(): void {
    const { output, results } = this;
    const { ink } = output;
    const notKilled = results.filter(({ exploration }) => exploration.verdict === 'holds');
    const survivors = notKilled.filter(hasSurvived);
    const killed = results.filter(({ exploration }) => exploration.verdict === 'violated').length;
    const summary = `${killed} of ${results.length} mutants killed`;
    output.print(killed === results.length ? ink.green(summary) : ink.red(summary));
    for (const { design, params } of survivors) {
      output.printProse(
        ink.red(`SURVIVED at ${paramsText(design, params)}: ${design.id}: ${describeMutation(design)}`),
      );
    }
    const below = notKilled.length - survivors.length;
    if (below > 0) {
      const text = `${plural(below, 'mutant')} not killed at these params, which are below their own: not a verdict on them`;
      output.printProse(ink.yellow(text));
    }
  }
}

/** Returns true if a mutant was searched at its own params or larger ones, and not killed. */
const hasSurvived = ({ design, params, exploration }: CheckResult): boolean =>
  exploration.verdict === 'holds' && !isBelowOwnParams(design, params);

/** Formats the length of a counterexample; of a lasso, `stem+cycle`. */
const lengthOf = (trace: Trace): string =>
  trace.cycle === undefined ? String(trace.steps.length) : `${stemOf(trace)}+${trace.cycle}`;

function cellsOf(result: CheckResult): string[] {
  const { design, exploration, trace, seconds } = result;
  const { violation, states, verdict, stoppedBy } = exploration;
  const survival = hasSurvived(result) ? 'SURVIVED' : 'not at these params';
  const killedBy = violation?.property ?? (verdict === 'holds' ? survival : stopReasonText(stoppedBy));
  return [design.id, killedBy, trace ? lengthOf(trace) : '-', showCount(states), showSeconds(seconds)];
}
