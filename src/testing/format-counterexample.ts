import type { Trace } from '../model/trace.ts';
import { columns } from '../trace/columns.ts';

/** Returns the text of a failing test: a run of live actors in columns, and the command that replays it. */
export function formatCounterexample(trace: Trace): string {
  return [
    columns(trace),
    '',
    `replay: npx precopy replay '${trace.schedule}'`,
    '  (if the design is your own, add --file and the file that exports it)',
  ].join('\n');
}
