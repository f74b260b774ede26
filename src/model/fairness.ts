import type { SystemEvent } from './events.ts';
import type { Property } from './property.ts';

/**
 * What fairness asks of a run that goes on for ever. A weak demand: if one of its choices can be taken in every state
 * from some point on, one of them is taken again and again. A strong one: if one can be taken again and again, one is.
 */
export interface FairnessAssumption {
  readonly strong: boolean;
  /** numbers of events: with every payload, unless one is told */
  readonly events: readonly number[];
  readonly payload: number | undefined;
  /** counts only states in which this holds; undefined where all count */
  readonly when: ((view: never) => boolean) | undefined;
}

/** Whether a choice is among those of a demand. */
export function includesChoice({ events, payload: only }: FairnessAssumption, event: number, payload: number): boolean {
  return events.includes(event) && (only === undefined || only === payload);
}

/**
 * The demands on the runs that a property speaks of. Weakly fair are the thread of each actor, as with SPIN's `-f` (all
 * its own events together, but for the optional ones), the delivery of each posted message, and the drain of each store
 * buffer, as with WF of TLA+. Strongly fair is what the property assumes: each choice by itself, such as the sending of
 * one page.
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
