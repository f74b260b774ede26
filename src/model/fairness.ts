import type { SystemEvent } from './events.ts';
import type { Property } from './property.ts';

/**
 * A fairness assumption about infinite runs. Weak: a choice that is enabled in every state from some point on is taken
 * infinitely often. Strong: a choice that is enabled infinitely often is taken infinitely often. Of several choices,
 * one is enabled and one is taken.
 */
export interface FairnessAssumption {
  readonly strong: boolean;
  /** ids of events; their choices have any payload, or the payload below */
  readonly events: readonly number[];
  readonly payload: number | undefined;
  /** restricts the assumption to states in which this holds */
  readonly when: ((view: never) => boolean) | undefined;
}

/** Returns whether a choice is among those of an assumption. */
export function includesChoice({ events, payload: only }: FairnessAssumption, event: number, payload: number): boolean {
  return events.includes(event) && (only === undefined || only === payload);
}

/**
 * Returns the fairness assumptions under which a property is checked. Weakly fair are the thread of each actor, as with
 * SPIN's `-f` (all its spontaneous events together, except optional ones), the delivery of each posted message, and the
 * drain of each store buffer, as with WF of TLA+. Strongly fair are the premises of the property: each choice by
 * itself, such as the sending of one page.
 */
export function fairnessAssumptionsOf(events: readonly SystemEvent[], property: Property): FairnessAssumption[] {
  const weak = (some: readonly SystemEvent[]): FairnessAssumption => ({
    strong: false,
    events: some.map(({ id }) => id),
    payload: undefined,
    when: undefined,
  });
  const obliging = events.filter(({ optional }) => !optional);
  const own = obliging.filter(({ from, isDrain }) => from === undefined && !isDrain);
  const actors = [...new Set(own.map(({ actor }) => actor))];
  const premises = property.kind === 'leads-to' ? (property.strongly ?? []) : [];
  return [
    ...actors.map((actor) => weak(own.filter((event) => event.actor === actor))),
    ...obliging.filter((event) => !own.includes(event)).map((event) => weak([event])),
    ...premises.flatMap(({ event: type, when }) =>
      events
        .filter((event) => event.type === type)
        .flatMap(({ id, domain }) =>
          Array.from({ length: domain }, (_, payload) => ({ strong: true, events: [id], payload, when })),
        ),
    ),
  ];
}
