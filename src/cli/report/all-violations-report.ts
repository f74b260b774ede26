import type { CheckResult } from '../../app/check/verification-job.ts';
import type { AllViolations } from '../../search/bfs/all-violations.ts';
import { type TextFormatName, textRenderer } from '../../trace/renderers.ts';
import { describeDesign, reportResult, stopReasonText } from './check-report.ts';
import type { Output } from './console-output.ts';
import { plural } from './plural.ts';
import { describeSearch } from './search-figures.ts';
import { replayCommandLine } from './shell-command.ts';

/** Prints the result of a search that went on after the first violation: counts, and a counterexample of each. */
export async function reportAll(
  result: CheckResult,
  all: AllViolations,
  format: TextFormatName,
  output: Output,
): Promise<void> {
  const { exploration, traces = [], file } = result;
  if (all.violations.length === 0) reportResult(result, output);
  else reportViolations(result, all, output);
  output.printProse(`  ${terminalText(all)}`);
  if (exploration.coverage) (await import('./coverage-table.ts')).reportCoverage(exploration.coverage, output);
  const render = await textRenderer(format);
  for (const [n, trace] of traces.entries()) {
    const property = all.violations[n]?.property ?? '';
    output.printDetail(`\nA shortest counterexample to ${property}, confirmed on live actors:\n`);
    output.printDetail(render(trace, output));
    output.gap();
    output.print(`replay: ${replayCommandLine(trace.schedule, file, [property])}`);
  }
}

function reportViolations(result: CheckResult, { violations }: AllViolations, output: Output): void {
  const { design, exploration } = result;
  const { ink } = output;
  const ids = [...new Set(violations.map(({ property }) => property))];
  const partial = exploration.stoppedBy ? `; ${stopReasonText(exploration.stoppedBy)}, so the counts are partial` : '';
  output.gap();
  output.printProse(`${ink.bold(design.id)} ${ink.red(`VIOLATED: ${ids.join(', ')}`)}${partial}`);
  for (const text of [...describeDesign(result), ...describeSearch(result)]) output.paragraph(text);
  for (const { property, count, counted } of violations) {
    const where = counted === 'states' ? plural(count, 'state') : `${plural(count, 'step')} that cannot be completed`;
    output.printProse(`  ${property}: violated in ${where}`);
  }
  const holding = exploration.properties.flatMap(({ id, verdict }) => (verdict === 'holds' ? [id] : []));
  if (holding.length > 0) output.paragraph(`not violated: ${holding.join(', ')}`);
}

/** Describes the states without a successor: `4 terminal states, 1 of them deadlocked`. */
export function terminalText({ terminalStates, deadlockedStates }: AllViolations): string {
  const states = plural(terminalStates, 'terminal state');
  if (terminalStates === 0) return states;
  return `${states}, ${deadlockedStates === 0 ? 'all valid' : `${deadlockedStates.toLocaleString('en')} of them deadlocked`}`;
}
