import { replaySchedule } from '../app/check/replay-schedule.ts';
import { scheduleIn } from '../app/files/schedule-file.ts';
import { type FormatName, renderer } from '../trace/renderers.ts';
import { ExitCode } from './exit-codes.ts';
import { Output } from './report/console-output.ts';

export interface ReplayOptions {
  readonly file?: string;
  readonly property?: readonly string[];
  readonly format: FormatName;
  readonly quiet?: boolean;
}

/** Replays a schedule, and prints its trace. */
export async function runReplay(
  argument: string,
  { file, property: properties, format, quiet }: ReplayOptions,
): Promise<ExitCode> {
  const trace = await replaySchedule(scheduleIn(argument), { file, properties });
  const output = new Output({});
  if (!quiet || format !== 'columns') output.rendered((await renderer(format))(trace, output), format);
  else output.print(trace.violation ? `VIOLATED: ${trace.violation.property}` : 'no property is violated');
  return trace.violation ? ExitCode.violated : ExitCode.holds;
}
