import { replay } from '../live/replay.ts';
import type { Choice } from '../model/choices.ts';
import type { AnyDesign } from '../model/design.ts';
import { columns } from '../trace/columns.ts';

/**
 * Returns the text of a failing test: the schedule, run on live actors, in columns, and the command that replays it.
 */
export function formatCounterexample(
  design: AnyDesign,
  params: Readonly<Record<string, number>>,
  schedule: readonly Choice[],
): string {
  const trace = replay(design, params, schedule);
  return [
    columns(trace),
    '',
    `replay: npx precopy replay '${trace.schedule}'`,
    '  (if the design is your own, add --file and the file that exports it)',
  ].join('\n');
}
