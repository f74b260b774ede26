import { ExitCode } from '../../cli/exit-codes.ts';
import { Output } from '../../cli/report/console-output.ts';
import { replay } from '../../live/replay.ts';
import type { AnyDesign } from '../../model/design.ts';
import { PrecopyError } from '../../model/errors.ts';
import { eventsOf } from '../../model/events.ts';
import { instantiate } from '../../model/instance.ts';
import { parseSchedule, resolveSchedule, type Schedule } from '../../model/schedule.ts';
import type { Trace } from '../../model/trace.ts';
import type { FormatName } from '../../trace/format-names.ts';
import { formats } from '../../trace/renderers.ts';
import { builtInDesign } from '../designs/design-registry.ts';
import { loadDesigns, originatesIn, toUserError } from '../designs/load-designs.ts';
import { scheduleIn } from '../files/schedule-file.ts';

export interface ReplayOptions {
  readonly file?: string;
  readonly format: FormatName;
  readonly quiet?: boolean;
}

/**
 * Replays a schedule and shows the trace.
 * @throws PrecopyError for a schedule that cannot be read, or that is not for the design
 */
export async function replaySchedule(argument: string, { file, format, quiet }: ReplayOptions): Promise<ExitCode> {
  const schedule = parseSchedule(scheduleIn(argument));
  const design = { ...(await designOf(schedule, file)), memoryModel: schedule.memoryModel };
  const trace = follow(design, schedule, file);
  const output = new Output({});
  if (!quiet || format !== 'columns') output.rendered(formats[format](trace, output), format);
  else output.print(trace.violation ? `VIOLATED: ${trace.violation.property}` : 'no property breaks');
  return trace.violation ? ExitCode.violated : ExitCode.holds;
}

async function designOf({ design: id }: Schedule, file: string | undefined): Promise<AnyDesign> {
  if (file === undefined) return builtInDesign(id, 'if it is a design of your own, name its file with --file');
  const designs = await loadDesigns(file);
  const found = designs.find((design) => design.id === id);
  if (found) return found;
  const ids = designs.map((design) => design.id).join(', ');
  throw new PrecopyError(
    'BAD_SCHEDULE',
    `the schedule is for ${id}, and ${file} has ${ids}`,
    'name the file that has it',
  );
}

function follow(design: AnyDesign, schedule: Schedule, file: string | undefined): Trace {
  try {
    const instance = instantiate(design, schedule.params);
    const { choices, cycle } = resolveSchedule(schedule, instance, eventsOf(instance));
    return replay(design, schedule.params, choices, cycle);
  } catch (error) {
    if (file !== undefined && originatesIn(file, error)) throw toUserError(file, error, 'while it is replayed');
    throw error;
  }
}
