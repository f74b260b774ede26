import { replay } from '../live/replay.ts';
import type { Choice } from '../model/choices.ts';
import type { AnyDesign } from '../model/design.ts';
import { columns } from '../trace/columns.ts';

/** The race columns of a schedule, as live actors take it, and the command that replays it: what a failing test prints. */
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
    '  (for a design of your own: --file, and the file that exports it)',
  ].join('\n');
}
