import type { AnyDesign } from '../model/design.ts';
import { brokenInvariant, mayStop, type Property, wellFormed } from '../model/property.ts';
import { type Choice, printSchedule } from '../model/schedule.ts';
import type { Trace, TraceStep } from '../model/trace.ts';
import { LiveSystem } from './live-system.ts';

/**
 * Takes a schedule on live actors and records every step. It ends at the first step that breaks a property, or after the last choice.
 * @throws PrecopyError `BAD_SCHEDULE` when a choice cannot be taken
 */
export function replay(design: AnyDesign, sizes: Readonly<Record<string, number>>, choices: readonly Choice[]): Trace {
  const live = new LiveSystem(design, sizes);
  const { instance } = live;
  const initialValues = new Map(instance.cells.map(({ plain }) => [plain.name, plain.show()]));
  const states = instance.actors.map(({ leaves, location }) => leaves[location.get()] as string);
  const steps: TraceStep[] = [];
  let broken = check(live);
  for (const choice of choices) {
    if (broken) break;
    steps.push(live.take(choice));
    broken = check(live);
  }
  broken ??= checkDeadlock(live);
  const touched = new Set(
    steps.flatMap(({ moves }) => moves.flatMap(({ accesses }) => accesses.map(({ cell }) => cell))),
  );
  return {
    design: design.id,
    params: instance.params,
    memoryModel: design.memoryModel ?? 'sc',
    actors: instance.actors.map(({ name }) => name),
    schedule: printSchedule(instance, live.events, choices.slice(0, steps.length)),
    initial: {
      cells: Object.fromEntries([...initialValues].filter(([name]) => touched.has(name))),
      states,
    },
    steps,
    ...(broken && { violation: broken }),
  };
}

function check({ fault, instance }: LiveSystem): Trace['violation'] {
  if (fault !== undefined) {
    return {
      property: wellFormed,
      says: 'no message comes where nobody takes it, and no cell leaves its range',
      detail: fault,
    };
  }
  const all = instance.design.properties as readonly Property[];
  const broken = all[brokenInvariant(all, instance.view)];
  return broken && { property: broken.id, says: broken.says };
}

function checkDeadlock(live: LiveSystem): Trace['violation'] {
  const all = live.instance.design.properties as readonly Property[];
  if (live.enabled().length > 0 || mayStop(all, live.instance.view)) return undefined;
  const property = all.find(({ kind }) => kind === 'deadlock');
  return property && { property: property.id, says: property.says, detail: 'nothing can happen any more' };
}
