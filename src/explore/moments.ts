import { StepOutcome } from '../compile/program.ts';
import { cellsReadByEach } from '../live/property-reads.ts';
import { ChoiceIds } from '../model/choices.ts';
import { eventName } from '../model/events.ts';
import { failingNumber, type Property } from '../model/property.ts';
import { printSchedule } from '../model/schedule-text.ts';
import type { GuardProbe } from './guard-probe.ts';
import type { Moment, Offer, PropertyStatus, Refusal, Run } from './messages.ts';

/**
 * Returns what a person is told about the state after a run.
 * @param states by number of steps of the run: the state
 * @param fault why its last step is not well-formed, if it is not
 * @param coversHit ids of the covers that it hits
 */
export function momentAfter(
  probe: GuardProbe,
  run: Run,
  states: readonly Int32Array[],
  fault: string | undefined,
  coversHit: readonly string[],
): Moment {
  const { program } = probe;
  const ids = new ChoiceIds(program.events);
  program.state.set(states[run.length] as Int32Array);
  const offers = fault === undefined ? offersOf(probe, ids) : [];
  const race = fault ?? program.ownedRace();
  program.state.set(states[run.length] as Int32Array);
  const enabled = offers.filter(({ refused }) => refused === undefined);
  return {
    offers,
    properties: statusOf(probe, enabled.length === 0 && fault === undefined),
    coversHit,
    ...(race !== undefined && { fault: race }),
    isDeadlock: enabled.length === 0 && fault === undefined,
    schedule: printSchedule(
      program.instance,
      program.events,
      run.map((choice) => ids.choiceOf(choice)),
    ),
  };
}

/** Returns the choices of the current state: those that can be taken, and those that a guard refuses. */
function offersOf(probe: GuardProbe, ids: ChoiceIds): Offer[] {
  const { program } = probe;
  const { instance, events, state } = program;
  const before = Int32Array.from(state);
  const offers: Offer[] = [];
  for (const event of events) {
    if (!probe.isPending(event)) continue;
    const { id, actor, type, field, from, domain } = event;
    for (let payload = 0; payload < domain; payload++) {
      const common = {
        choice: ids.firstOf(id) + payload,
        actor,
        event: type,
        ...(field !== undefined && { payload: { field, value: payload } }),
        ...(from !== undefined && { from }),
        label: eventName(instance, event, payload),
      };
      const outcome = program.step(id, payload);
      const { leaves, location } = instance.actors[actor] as (typeof instance.actors)[number];
      const to = leaves[location.get()] as string;
      state.set(before);
      if (outcome !== StepOutcome.refused) {
        offers.push({ ...common, to });
        continue;
      }
      const refused: readonly Refusal[] = probe.refusalsOf(id, payload);
      const hasNoTransition = refused.every(({ guard }) => guard === undefined);
      if (!hasNoTransition || from !== undefined) offers.push({ ...common, refused });
    }
  }
  return offers;
}

function statusOf({ program }: GuardProbe, isEnd: boolean): PropertyStatus[] {
  const { instance } = program;
  const { view } = instance;
  const properties = program.properties as readonly Property[];
  const readsOfEach = cellsReadByEach(properties, instance);
  return properties.map((property, n): PropertyStatus => {
    const reads = readsOfEach[n] ?? [];
    const { id, kind } = property;
    if (kind === 'invariant') {
      const isTrue = property.holds(view);
      const failsFor = isTrue ? undefined : failingNumber(property, view);
      return { id, isTrue, reads, ...(failsFor !== undefined && { failsFor }) };
    }
    if (kind === 'deadlock') return { id, isTrue: !isEnd || property.isValidEndState(view), reads };
    if (kind === 'cover') return { id, isTrue: property.isHit(view, program.lastStep()), reads };
    return { id, isTrue: true, reads };
  });
}
