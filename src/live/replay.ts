import type { Choice } from '../model/choices.ts';
import type { AnyDesign } from '../model/design.ts';
import { PrecopyError } from '../model/errors.ts';
import {
  failingNumber,
  goalsAmong,
  type Property,
  type Step,
  violatedByDeadlock,
  violatedInvariant,
  wellFormed,
} from '../model/property.ts';
import { printSchedule } from '../model/schedule-text.ts';
import type { Trace, TraceStep } from '../model/trace.ts';
import { LassoMonitor } from './lasso.ts';
import { LiveSystem } from './live-system.ts';
import { ownedRaceAfter } from './owned-race.ts';
import { cellsReadBy } from './property-reads.ts';

/**
 * Takes choices on live actors and records every step. The run ends at the first step that violates a property, or
 * after the last choice. With a cycle, which is taken once, it is a lasso: an infinite run that repeats the cycle. Only
 * `leadsTo` properties are checked then.
 * @throws PrecopyError `BAD_SCHEDULE` if a choice is not enabled, or the cycle does not end in the state where it
 * begins
 * @example
 * const trace = replay(design, { vcpus: 2 }, exploration.violation.schedule);
 */
export function replay(
  design: AnyDesign,
  params: Readonly<Record<string, number>>,
  choices: readonly Choice[],
  cycle?: readonly Choice[],
): Trace {
  const live = new LiveSystem(design, params);
  try {
    return record(live, choices, cycle);
  } finally {
    live.stop();
  }
}

function record(live: LiveSystem, choices: readonly Choice[], cycle: readonly Choice[] | undefined): Trace {
  const { instance } = live;
  const { design } = instance;
  const initialValues = new Map(instance.cells.map(({ plain }) => [plain.name, plain.show()]));
  const states = instance.actors.map(({ leaves, location }) => leaves[location.get()] as string);
  const steps: TraceStep[] = [];
  const violation = cycle
    ? runLasso(live, choices, cycle, steps)
    : (runToEnd(live, choices, steps) ?? raceOf(live, choices) ?? deadlockOf(live));
  const reads = violation ? readsOf(violation.property, live) : [];
  const accessed = steps.flatMap(({ moves }) => moves.flatMap(({ accesses }) => accesses.map(({ cell }) => cell)));
  const shown = new Set([...accessed, ...reads]);
  return {
    design: design.id,
    params: instance.params,
    memoryModel: design.memoryModel ?? 'sc',
    actors: instance.actors.map(({ name }) => name),
    schedule: printSchedule(instance, live.events, choices.slice(0, steps.length), cycle),
    initial: {
      cells: Object.fromEntries([...initialValues].filter(([name]) => shown.has(name))),
      states,
    },
    steps,
    ...(cycle && { cycle: cycle.length }),
    ...(violation && { violation: { ...violation, ...(reads.length > 0 && { reads }) } }),
  };
}

function runToEnd(live: LiveSystem, choices: readonly Choice[], steps: TraceStep[]): Trace['violation'] {
  let violation = violationOf(live) ?? goalOf(live, { actor: -1, actions: [], payload: 0 });
  for (const choice of choices) {
    if (violation) return violation;
    const step = live.take(choice);
    steps.push(step);
    violation = violationOf(live) ?? goalOf(live, asCoversSee(step));
  }
  return violation;
}

/** Returns the goal that the current state, or the step to it, hits. */
function goalOf({ instance }: LiveSystem, step: Step): Trace['violation'] {
  const all = instance.design.properties as readonly Property[];
  const [reached] = goalsAmong(all).map((n) => all[n]);
  const isHit = reached?.kind === 'cover' && reached.isHit(instance.view, step);
  return isHit ? { property: reached.id, description: reached.description } : undefined;
}

const asCoversSee = ({ actor, payload, moves }: TraceStep): Step => ({
  actor,
  actions: moves.filter((move) => move.actor === actor).flatMap(({ actions }) => actions),
  payload: payload?.value ?? 0,
});

function runLasso(
  live: LiveSystem,
  choices: readonly Choice[],
  cycle: readonly Choice[],
  steps: TraceStep[],
): Trace['violation'] {
  const monitor = new LassoMonitor(live);
  monitor.recordState();
  const take = (choice: Choice): void => {
    steps.push(live.take(choice));
    monitor.recordState();
  };
  for (const choice of choices) take(choice);
  const before = live.instance.state.join();
  if (cycle.length === 0) monitor.recordCycleState(undefined);
  for (const choice of cycle) {
    monitor.recordCycleState(choice);
    take(choice);
  }
  if (live.instance.state.join() !== before) {
    throw new PrecopyError(
      'BAD_SCHEDULE',
      'its cycle does not end in the state where it begins',
      'copy the whole argument that `precopy check` printed after `replay`',
    );
  }
  return monitor.violation(choices.length, cycle);
}

/** Returns the cells that a violated property reads in the last state. */
function readsOf(id: string, { instance }: LiveSystem): string[] {
  const property = (instance.design.properties as readonly Property[]).find((one) => one.id === id);
  return property ? cellsReadBy(property, instance) : [];
}

function violationOf({ fault, instance }: LiveSystem): Trace['violation'] {
  if (fault !== undefined) return malformed(fault);
  const all = instance.design.properties as readonly Property[];
  const violated = all[violatedInvariant(all, instance.view)];
  if (violated === undefined) return undefined;
  const number = failingNumber(violated, instance.view);
  const description = number === undefined ? violated.description : `${violated.description} (not for ${number})`;
  return { property: violated.id, description };
}

const malformed = (detail: string): Trace['violation'] => ({
  property: wellFormed,
  description:
    'every message has a transition that takes it, no cell leaves its range, a step accesses shared memory once, and owned memory has one owner',
  detail,
});

/** Returns the violation if the last state is a race for owned memory. Like a deadlock, it is sought there alone. */
function raceOf(live: LiveSystem, choices: readonly Choice[]): Trace['violation'] {
  const race = ownedRaceAfter(live, choices);
  return race === undefined ? undefined : malformed(race);
}

function deadlockOf(live: LiveSystem): Trace['violation'] {
  const all = live.instance.design.properties as readonly Property[];
  if (live.enabled().length > 0) return undefined;
  const property = all[violatedByDeadlock(all, live.instance.view)];
  return (
    property && { property: property.id, description: property.description, detail: 'nothing can happen any more' }
  );
}
