import type { Choice } from '../model/choices.ts';
import type { AnyDesign } from '../model/design.ts';
import { PrecopyError } from '../model/errors.ts';
import { brokenInvariant, isValidEndState, type Property, wellFormed } from '../model/property.ts';
import { printSchedule } from '../model/schedule-text.ts';
import type { Trace, TraceStep } from '../model/trace.ts';
import { LassoMonitor } from './lasso.ts';
import { LiveSystem } from './live-system.ts';

/**
 * Takes choices on live actors and records every step. It ends at the first step that breaks a property, or after the last choice. With a
 * cycle, which is taken once round, it is a run without an end, and looked at as a whole: what it never comes to is what breaks.
 * @throws PrecopyError `BAD_SCHEDULE` when a choice cannot be taken, or when the cycle does not come back to where it began
 */
export function replay(
  design: AnyDesign,
  params: Readonly<Record<string, number>>,
  choices: readonly Choice[],
  cycle?: readonly Choice[],
): Trace {
  const live = new LiveSystem(design, params);
  const { instance } = live;
  const initialValues = new Map(instance.cells.map(({ plain }) => [plain.name, plain.show()]));
  const states = instance.actors.map(({ leaves, location }) => leaves[location.get()] as string);
  const steps: TraceStep[] = [];
  const broken = cycle ? takeForEver(live, choices, cycle, steps) : takeToTheEnd(live, choices, steps);
  const touched = new Set(
    steps.flatMap(({ moves }) => moves.flatMap(({ accesses }) => accesses.map(({ cell }) => cell))),
  );
  return {
    design: design.id,
    params: instance.params,
    memoryModel: design.memoryModel ?? 'sc',
    actors: instance.actors.map(({ name }) => name),
    schedule: printSchedule(instance, live.events, choices.slice(0, steps.length), cycle),
    initial: {
      cells: Object.fromEntries([...initialValues].filter(([name]) => touched.has(name))),
      states,
    },
    steps,
    ...(cycle && { cycle: cycle.length }),
    ...(broken && { violation: broken }),
  };
}

function takeToTheEnd(live: LiveSystem, choices: readonly Choice[], steps: TraceStep[]): Trace['violation'] {
  let broken = check(live);
  for (const choice of choices) {
    if (broken) return broken;
    steps.push(live.take(choice));
    broken = check(live);
  }
  return broken ?? checkDeadlock(live);
}

function takeForEver(
  live: LiveSystem,
  choices: readonly Choice[],
  cycle: readonly Choice[],
  steps: TraceStep[],
): Trace['violation'] {
  const watch = new LassoMonitor(live);
  watch.recordState();
  const take = (choice: Choice): void => {
    steps.push(live.take(choice));
    watch.recordState();
  };
  for (const choice of choices) take(choice);
  const before = live.instance.state.join();
  if (cycle.length === 0) watch.recordCycleState(undefined);
  for (const choice of cycle) {
    watch.recordCycleState(choice);
    take(choice);
  }
  if (live.instance.state.join() !== before) {
    throw new PrecopyError(
      'BAD_SCHEDULE',
      'what it repeats does not lead back to where it began',
      'copy the whole word that `precopy check` printed after `replay`',
    );
  }
  return watch.violation(choices.length, cycle);
}

function check({ fault, instance }: LiveSystem): Trace['violation'] {
  if (fault !== undefined) {
    return {
      property: wellFormed,
      description: 'no message comes where nobody takes it, and no cell leaves its range',
      detail: fault,
    };
  }
  const all = instance.design.properties as readonly Property[];
  const broken = all[brokenInvariant(all, instance.view)];
  return broken && { property: broken.id, description: broken.description };
}

function checkDeadlock(live: LiveSystem): Trace['violation'] {
  const all = live.instance.design.properties as readonly Property[];
  if (live.enabled().length > 0 || isValidEndState(all, live.instance.view)) return undefined;
  const property = all.find(({ kind }) => kind === 'deadlock');
  return (
    property && { property: property.id, description: property.description, detail: 'nothing can happen any more' }
  );
}
