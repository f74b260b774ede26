import { ModelFault } from '../model/errors.ts';
import type { ActorInstance } from '../model/instance.ts';
import { maxEventless } from '../model/machine.ts';
import type { Moves } from './moves.ts';
import type { StepArgs, StepEvent } from './step-events.ts';
import type { Arrow } from './tables.ts';

/** One way in which an actor takes an event from where it is. */
export interface Way {
  /** the arrow that it begins with, among those of all machines */
  readonly arrow: number;
  /** runs its actions, and those of the eventless transitions that follow */
  readonly take: () => void;
}

/** What an actor does with one type of event in one of its states. Both put into the event what it is told: the payload, or who sent it. */
export interface Choices {
  /** the way where no guard and nothing told makes a difference, once it is known to: then nobody has to choose */
  readonly only: Way | undefined;
  /** Finds the way that the guards allow, if one does, and changes nothing. */
  choose(told: number): Way | undefined;
  /** Takes that way at once. False where there is none. */
  take(told: number): boolean;
}

/** What the ways of one actor with one type of event are made of. */
export interface WaysSource {
  readonly actor: ActorInstance;
  readonly event: StepEvent;
  /** the field of the event for what it is told, if there is one */
  readonly told: string | undefined;
  /** by leaf: the candidates for the event, and the eventless ones */
  readonly arrows: readonly (readonly Arrow[])[];
  readonly always: readonly (readonly Arrow[])[];
  /** the indices of the first transition and the first arrow of the machine among those of all machines */
  readonly firstTransition: number;
  readonly firstArrow: number;
  /** where what is taken is noted and counted */
  readonly moves: Moves;
  readonly counts: Float64Array;
}

/** By leaf: how the ways are chosen. */
export type Ways = (source: WaysSource) => Choices[];

/** Chooses and takes by the tables. */
export const waysByTables: Ways = (source) => {
  const { actor, event, told, arrows, firstArrow } = source;
  const args = { context: actor.context, event };
  const made = new Map<Arrow, Way>();
  const wayOf = (arrow: Arrow): Way => {
    const way = made.get(arrow) ?? { arrow: firstArrow + arrow.index, take: () => take(arrow, source, args) };
    made.set(arrow, way);
    return way;
  };
  return arrows.map((candidates) => {
    const allowed = (value: number): Arrow | undefined => {
      if (told !== undefined) event[told] = value;
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

function take(first: Arrow, source: WaysSource, args: StepArgs): void {
  const { actor, event, always, moves, counts, firstTransition, firstArrow } = source;
  let arrow: Arrow | undefined = first;
  for (let n = 0; arrow !== undefined; n++) {
    if (n > maxEventless) endless();
    const { id, index, actions, target }: Arrow = arrow;
    moves.note(actor.number, firstArrow + index, event.from as number);
    for (let i = 0; i < actions.length; i++) (actions[i] as (args: StepArgs) => void)(args);
    actor.location.set(target);
    counts[firstTransition + id] = (counts[firstTransition + id] as number) + 1;
    arrow = firstAllowed(always[target] as readonly Arrow[], args);
  }
}

function firstAllowed(candidates: readonly Arrow[], args: StepArgs): Arrow | undefined {
  for (let n = 0; n < candidates.length; n++) {
    const one = candidates[n] as Arrow;
    if (one.guard === undefined || one.guard(args)) return one;
  }
  return undefined;
}

/** @throws ModelFault */
export function endless(): never {
  throw new ModelFault('eventless transitions follow each other without end');
}
