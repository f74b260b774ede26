import type { CheckResult } from '../../app/check/verification-job.ts';
import { isBelowOwnParams } from '../../model/design.ts';
import type { Trace } from '../../model/trace.ts';
import { stemOf } from '../../trace/describe.ts';
import { showCount } from '../options/units.ts';
import { describeMutation, paramsText, stopReasonText } from './check-report.ts';
import type { Output } from './console-output.ts';
import { plural } from './plural.ts';
import { type Row, table } from './table.ts';

/** Prints which property kills each mutant, and the length of the counterexample. */
export function reportMutants(results: readonly CheckResult[], output: Output): void {
  const { ink } = output;
  const notKilled = results.filter(({ exploration }) => exploration.verdict === 'holds');
  const survivors = notKilled.filter(hasSurvived);
  const killed = results.filter(({ exploration }) => exploration.verdict === 'violated').length;
  output.gap();
  output.printDetail(table(['mutant', 'killed by', 'steps', 'states'], results.map(rowOf), output));
  output.gap();
  const summary = `${killed} of ${results.length} mutants killed`;
  output.print(killed === results.length ? ink.green(summary) : ink.red(summary));
  for (const { design, params } of survivors) {
    output.printProse(ink.red(`SURVIVED at ${paramsText(design, params)}: ${design.id}: ${describeMutation(design)}`));
  }
  const below = notKilled.length - survivors.length;
  if (below > 0) {
    const text = `${plural(below, 'mutant')} not killed at these params, which are below their own: not a verdict on them`;
    output.printProse(ink.yellow(text));
  }
}

/** Returns true if a mutant was searched at its own params or larger ones, and not killed. */
const hasSurvived = ({ design, params, exploration }: CheckResult): boolean =>
  exploration.verdict === 'holds' && !isBelowOwnParams(design, params);

/** Formats the length of a counterexample; of a lasso, `stem+cycle`. */
const lengthOf = (trace: Trace): string =>
  trace.cycle === undefined ? String(trace.steps.length) : `${stemOf(trace)}+${trace.cycle}`;

function rowOf(result: CheckResult): Row {
  const { design, exploration, trace } = result;
  const { violation, states, verdict, stoppedBy } = exploration;
  const survival = hasSurvived(result) ? 'SURVIVED' : 'not at these params';
  const killedBy = violation?.property ?? (verdict === 'holds' ? survival : stopReasonText(stoppedBy));
  return {
    cells: [design.id, killedBy, trace ? lengthOf(trace) : '-', showCount(states)],
    text: describeMutation(design),
  };
}
