import { replay } from '../../live/replay.ts';
import { PrecopyError } from '../../model/errors.ts';
import { eventsOf } from '../../model/events.ts';
import { instantiate } from '../../model/instance.ts';
import { parseSchedule, resolveSchedule, type Schedule } from '../../model/schedule-text.ts';
import type { Trace } from '../../model/trace.ts';
import { builtInDesign, type Target, targetsInFile } from '../designs/design-registry.ts';
import { originatesInDesign, toUserError } from '../designs/load-designs.ts';
import { withProperties } from './question.ts';

/**
 * Replays a schedule on live actors. `file` exports the design, if it is not built in; one design of it is named as in
 * `my-designs.ts:my-design`. `properties` are the ids of the only properties to check; all by default.
 * @param text a schedule, as `precopy check` prints it
 * @throws PrecopyError for a schedule that cannot be parsed, or that is of another model than the design
 * @example
 * const trace = await replaySchedule('my-design@vcpus=1:531e8a02:DwUJ', { file: './my-design.ts' });
 */
export async function replaySchedule(
  text: string,
  {
    file,
    properties,
  }: { readonly file?: string | undefined; readonly properties?: readonly string[] | undefined } = {},
): Promise<Trace> {
  const schedule = parseSchedule(text);
  const target = await targetOf(schedule, file);
  const asked = properties ? withProperties(target.design, properties) : target.design;
  const design = { ...asked, memoryModel: schedule.memoryModel };
  try {
    const instance = instantiate(design, schedule.params);
    const { choices, cycle } = resolveSchedule(schedule, instance, eventsOf(instance));
    return replay(design, schedule.params, choices, cycle);
  } catch (error) {
    if (target.file === undefined || !originatesInDesign(error)) throw error;
    throw toUserError(target.file, error, 'while it is replayed');
  }
}

async function targetOf({ design: id }: Schedule, file: string | undefined): Promise<Target> {
  if (file === undefined) {
    return { design: await builtInDesign(id, 'if it is a design of your own, name its file with --file') };
  }
  const targets = await targetsInFile(file);
  const found = targets.find(({ design }) => design.id === id);
  if (found) return found;
  const ids = targets.map(({ design }) => design.id).join(', ');
  throw new PrecopyError(
    'BAD_SCHEDULE',
    `the schedule is for ${id}, and ${file} exports ${ids}`,
    'name the file that exports it',
  );
}
