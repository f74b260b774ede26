import { ModelFault } from '../model/errors.ts';
import type { ActorInstance } from '../model/instance.ts';
import { maxEventless } from '../model/machine.ts';
import type { RuntimeEvent, StepArgs } from './event-objects.ts';
import type { Microsteps } from './microsteps.ts';
import type { FlatTransition } from './transition-tables.ts';

/** One way in which an actor takes an event from where it is. */
export interface ResolvedTransition {
  /** the arrow that it begins with, among those of all machines */
  readonly arrow: number;
  /** runs its actions, and those of the eventless transitions that follow */
  readonly take: () => void;
}

/** What an actor does with one type of event in one of its states. Both put into the event what it is told: the payload, or who sent it. */
export interface DispatchEntry {
  /** the way where no guard and nothing told makes a difference, once it is known to: then nobody has to choose */
  readonly only: ResolvedTransition | undefined;
  /** Finds the way that the guards allow, if one does, and changes nothing. */
  choose(payload: number): ResolvedTransition | undefined;
  /** Takes that way at once. False where there is none. */
  take(payload: number): boolean;
}

/** What the ways of one actor with one type of event are made of. */
export interface WaysSource {
  readonly actor: ActorInstance;
  readonly event: RuntimeEvent;
  /** the field of the event for what it is told, if there is one */
  readonly payload: string | undefined;
  /** by leaf: the candidates for the event, and the eventless ones */
  readonly arrows: readonly (readonly FlatTransition[])[];
  readonly always: readonly (readonly FlatTransition[])[];
  /** the indices of the first transition and the first arrow of the machine among those of all machines */
  readonly firstTransition: number;
  readonly firstArrow: number;
  /** where what is taken is noted and counted */
  readonly moves: Microsteps;
  readonly counts: Float64Array;
}

/** By leaf: how the ways are chosen. */
export type DispatchStrategy = (source: WaysSource) => DispatchEntry[];

/** Chooses and takes by the tables. */
export const tableDispatch: DispatchStrategy = (source) => {
  const { actor, event, payload, arrows, firstArrow } = source;
  const args = { context: actor.context, event };
  const made = new Map<FlatTransition, ResolvedTransition>();
  const wayOf = (arrow: FlatTransition): ResolvedTransition => {
    const way = made.get(arrow) ?? { arrow: firstArrow + arrow.index, take: () => take(arrow, source, args) };
    made.set(arrow, way);
    return way;
  };
  return arrows.map((candidates) => {
    const allowed = (value: number): FlatTransition | undefined => {
      if (payload !== undefined) event[payload] = value;
      return firstAllowed(candidates, args);
    };
    return {
      only: undefined,
      choose(value) {
        const arrow = allowed(value);
        return arrow && wayOf(arrow);
      },
      take(value) {
        const arrow = allowed(value);
        if (arrow !== undefined) take(arrow, source, args);
        return arrow !== undefined;
      },
    };
  });
};

function take(first: FlatTransition, source: WaysSource, args: StepArgs): void {
  const { actor, event, always, moves, counts, firstTransition, firstArrow } = source;
  let arrow: FlatTransition | undefined = first;
  for (let n = 0; arrow !== undefined; n++) {
    if (n > maxEventless) throwEventlessLoop();
    const { id, index, actions, target }: FlatTransition = arrow;
    moves.record(actor.number, firstArrow + index, event.from as number);
    for (let i = 0; i < actions.length; i++) (actions[i] as (args: StepArgs) => void)(args);
    actor.location.set(target);
    counts[firstTransition + id] = counts[firstTransition + id] + 1;
    arrow = firstAllowed(always[target], args);
  }
}

function firstAllowed(candidates: readonly FlatTransition[], args: StepArgs): FlatTransition | undefined {
  for (let n = 0; n < candidates.length; n++) {
    const one = candidates[n];
    if (one.guard === undefined || one.guard(args)) return one;
  }
  return undefined;
}

/** @throws ModelFault */
export function throwEventlessLoop(): never {
  throw new ModelFault('eventless transitions follow each other without end');
}
