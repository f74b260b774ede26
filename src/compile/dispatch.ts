import { ModelFault } from '../model/errors.ts';
import type { ActorInstance } from '../model/instance.ts';
import { maxEventlessTransitions } from '../model/machine.ts';
import { checkResult, modelCode } from '../model/model-code.ts';
import type { ActionArgs, RuntimeEvent } from './event-objects.ts';
import { isHeld } from './guards.ts';
import type { Microsteps } from './microsteps.ts';
import type { FlatTransition } from './transition-tables.ts';

/** A transition that the guards have enabled. */
export interface ResolvedTransition {
  /** index among the flat transitions of the program */
  readonly index: number;
  /** Runs its actions, and those of the eventless transitions that follow. */
  readonly take: () => void;
}

/**
 * Dispatches one type of event to an actor in one of its states. `payload` is stored in the event: its payload, or the
 * sender of a message.
 */
export interface DispatchEntry {
  /** the transition, if it depends neither on guards nor on the payload; may be undefined before the first `choose` */
  readonly only: ResolvedTransition | undefined;
  /** Returns the transition that the guards enable, or undefined. Changes nothing. */
  choose(payload: number): ResolvedTransition | undefined;
  /** Takes the transition that the guards enable. Returns false if there is none. */
  take(payload: number): boolean;
}

/** An actor and a type of event, with the tables and recorders of its dispatch. */
export interface DispatchSource {
  readonly actor: ActorInstance;
  readonly event: RuntimeEvent;
  /** slot of the event that `choose` and `take` assign; undefined if there is none */
  readonly payload: string | undefined;
  /** by leaf: the candidates for the event, in the order in which they are tried */
  readonly candidates: readonly (readonly FlatTransition[])[];
  /** by leaf: the eventless candidates */
  readonly always: readonly (readonly FlatTransition[])[];
  /** index of the first transition of the machine in the program */
  readonly firstTransition: number;
  /** index of the first flat transition of the machine in the program */
  readonly firstFlatTransition: number;
  readonly microsteps: Microsteps;
  /** by transition: how often it was taken */
  readonly counts: Float64Array;
}

/** Makes the dispatch of an actor for a type of event, by leaf. */
export type DispatchStrategy = (source: DispatchSource) => DispatchEntry[];

/** Interprets the tables: nothing is compiled, so it suits few steps of many machines. */
export const tableDispatch: DispatchStrategy = (source) => {
  const { actor, event, payload, candidates, firstFlatTransition } = source;
  const args = Object.freeze({ context: actor.context, event });
  const guardArgs = Object.freeze({ context: actor.guardContext, event });
  const known = new Map<FlatTransition, ResolvedTransition>();
  const resolve = (transition: FlatTransition): ResolvedTransition => {
    const resolved = known.get(transition) ?? {
      index: firstFlatTransition + transition.index,
      take: () => take(transition, source, args, guardArgs),
    };
    known.set(transition, resolved);
    return resolved;
  };
  return candidates.map((ofLeaf) => {
    const enabled = (value: number): FlatTransition | undefined => {
      if (payload !== undefined) event[payload] = value;
      return firstEnabled(ofLeaf, guardArgs);
    };
    return {
      only: undefined,
      choose(value) {
        const transition = enabled(value);
        return transition && resolve(transition);
      },
      take(value) {
        const transition = enabled(value);
        if (transition !== undefined) take(transition, source, args, guardArgs);
        return transition !== undefined;
      },
    };
  });
};

function take(first: FlatTransition, source: DispatchSource, args: ActionArgs, guardArgs: ActionArgs): void {
  const { actor, event, always, microsteps, counts, firstTransition, firstFlatTransition } = source;
  let transition: FlatTransition | undefined = first;
  for (let n = 0; transition !== undefined; n++) {
    if (n > maxEventlessTransitions) throwEventlessLoop();
    const { id, index, actions, actionIds, target }: FlatTransition = transition;
    microsteps.record(actor.id, firstFlatTransition + index, event.from as number);
    for (let i = 0; i < actions.length; i++) {
      modelCode.running = actionIds[i];
      const result = actions[i](args);
      if (result !== undefined) checkResult(result);
    }
    actor.location.set(target);
    counts[firstTransition + id] = counts[firstTransition + id] + 1;
    transition = firstEnabled(always[target], guardArgs);
  }
}

function firstEnabled(candidates: readonly FlatTransition[], args: ActionArgs): FlatTransition | undefined {
  for (let n = 0; n < candidates.length; n++) {
    const one = candidates[n];
    if (one.guard === undefined || isHeld(one.guard, args)) return one;
  }
  return undefined;
}

/** @throws ModelFault */
export function throwEventlessLoop(): never {
  throw new ModelFault('eventless transitions follow each other without end');
}
