import { statementOf } from '../../app/check/goal.ts';
import type { CheckResult } from '../../app/check/verification-job.ts';
import { wellFormed } from '../../model/property.ts';
import type { Exploration } from '../../search/exploration.ts';
import { type TextFormatName, textRenderer } from '../../trace/renderers.ts';
import { paramsText, reportResult, stopReasonText } from './check-report.ts';
import type { Output } from './console-output.ts';
import { plural } from './plural.ts';
import { describeSearch } from './search-figures.ts';
import { replayCommandLine } from './shell-command.ts';

/** Prints the result of a search for a goal: the run to it, or that there is none. */
export async function reportGoal(result: CheckResult, format: TextFormatName, output: Output): Promise<void> {
  const { design, exploration, params, run, trace, file } = result;
  if (trace) reportResult(result, output);
  else {
    output.gap();
    output.printProse(verdictLine(result, output));
    // What a partial search says of violations is not what was asked.
    const figures = describeSearch({ ...result, exploration: { ...exploration, verdict: 'holds' } });
    for (const text of [`at ${paramsText(design, params)}`, ...figures]) output.paragraph(text);
  }
  const shown = run ?? trace;
  if (!shown) return;
  const render = await textRenderer(format);
  output.printDetail(`\n${titleOf(result)}, executed by live actors:\n`);
  output.printDetail(render(shown, output));
  output.gap();
  output.print(`replay: ${replayCommandLine(shown.schedule, file, run ? [wellFormed] : undefined)}`);
}

function verdictLine({ design, exploration, run }: CheckResult, { ink }: Output): string {
  const { verdict, stoppedBy, depth } = exploration;
  const id = ink.bold(design.id);
  const goal = statementOf(design);
  if (run) return `${id} ${ink.green(`reached in ${plural(run.steps.length, 'step')}`)}: ${goal}`;
  if (verdict === 'violated') {
    return `${id} ${ink.red('UNREACHABLE')}: ${goal}: no run gets there, which is proved at these params`;
  }
  const reason = ink.yellow(`inconclusive: ${stopReasonText(stoppedBy)}`);
  // All levels of a breadth-first search but the last are complete.
  const isByLevel = depth !== undefined && !followsSchedules(exploration) && stoppedBy !== 'preemptions';
  return `${id} ${reason}: not reached${isByLevel ? ` within ${plural(depth - 1, 'step')}` : ''}: ${goal}`;
}

function titleOf({ exploration, run }: CheckResult): string {
  return `${followsSchedules(exploration) ? 'A shrunk' : 'A shortest'} ${run ? 'run' : 'counterexample'}`;
}

/** Returns whether a search follows single schedules, instead of levels of states. */
const followsSchedules = ({ sampled, bitstate, swarm, dpor }: Exploration): boolean =>
  [sampled, bitstate, swarm, dpor].some((figures) => figures !== undefined);
