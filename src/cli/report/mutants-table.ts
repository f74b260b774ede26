import type { Outcome } from '../../app/check/verification-job.ts';
import { isBelowOwnParams } from '../../model/design.ts';
import type { Trace } from '../../model/trace.ts';
import { stemOf } from '../../trace/describe.ts';
import { showCount } from '../options/units.ts';
import { describeMutation, paramsText, stopReasonText } from './check-report.ts';
import type { Output } from './console-output.ts';
import { type Row, table } from './table.ts';

/** Which mutants were caught, by what, and how short the counterexample is. */
export function reportMutants(outcomes: readonly Outcome[], output: Output): void {
  const { ink } = output;
  const notCaught = outcomes.filter(({ exploration }) => exploration.verdict === 'holds');
  const survivors = notCaught.filter(hasSurvived);
  const killed = outcomes.filter(({ exploration }) => exploration.verdict === 'violated').length;
  output.gap();
  output.printDetail(table(['mutant', 'caught by', 'steps', 'states'], outcomes.map(rowOf), output));
  output.gap();
  const summary = `${killed} of ${outcomes.length} mutants killed`;
  output.print(killed === outcomes.length ? ink.green(summary) : ink.red(summary));
  for (const { design, params } of survivors) {
    output.print(ink.red(`SURVIVED at ${paramsText(design, params)}: ${design.id}: ${describeMutation(design)}`));
  }
  const below = notCaught.length - survivors.length;
  if (below > 0) {
    const were = below === 1 ? 'mutant was' : 'mutants were';
    output.print(
      ink.yellow(
        `${below} ${were} not caught at the sizes asked for, which are below their own: that says nothing of them`,
      ),
    );
  }
}

/** Whether a mutant was searched where it has to show, and did not. */
const hasSurvived = ({ design, params, exploration }: Outcome): boolean =>
  exploration.verdict === 'holds' && !isBelowOwnParams(design, params);

/** Of a run without an end: what it does first, and what it repeats. */
function lengthOf(trace: Trace): string {
  return trace.cycle === undefined ? String(trace.steps.length) : `${stemOf(trace)}+${trace.cycle}`;
}

function rowOf(outcome: Outcome): Row {
  const { design, exploration, trace } = outcome;
  const { violation, states, verdict, stoppedBy } = exploration;
  const survival = hasSurvived(outcome) ? 'SURVIVED' : 'not at these sizes';
  const caughtBy = violation?.property ?? (verdict === 'holds' ? survival : stopReasonText(stoppedBy));
  return {
    cells: [design.id, caughtBy, trace ? lengthOf(trace) : '-', showCount(states)],
    text: describeMutation(design),
  };
}
