import type { Instance } from './instance.ts';
import { drain } from './store-buffer.ts';

/**
 * An event that a scheduler can choose: a spontaneous event of an actor, the delivery of a posted message, or the drain
 * of a store buffer.
 * @example
 * const writes = program.events.filter((event: SystemEvent) => event.type === 'WRITE');
 */
export interface SystemEvent {
  /** index of the event in the list of all events */
  readonly id: number;
  /** id of the actor that takes it */
  readonly actor: number;
  readonly type: string;
  /** number of its payloads: 1, or the number of pages */
  readonly domain: number;
  /** name of the payload; undefined if it has none */
  readonly field: string | undefined;
  /** sender of a delivery; undefined for other events */
  readonly from: number | undefined;
  /** not subject to fairness */
  readonly optional: boolean;
  /** the processor of the actor moves its oldest buffered store to memory; no transition takes the event */
  readonly isDrain: boolean;
}

/** Returns all events of a system, by id: spontaneous events, then deliveries, then drains. */
export function eventsOf({ actors, storeBuffers }: Instance): SystemEvent[] {
  const own = actors.flatMap(({ id: actor, domains, machine }) =>
    Object.entries(domains)
      .filter(([type]) => machine.statechart.events.includes(type))
      .map(([type, domain]) => ({
        actor,
        type,
        domain,
        field: machine.definition.events[type]?.field,
        from: undefined,
        optional: machine.definition.events[type]?.optional === true,
        isDrain: false,
      })),
  );
  const deliveries = actors.flatMap(({ id: actor, mailbox }) =>
    Object.keys(mailbox).flatMap((type) =>
      actors.map(({ id: from }) => ({
        actor,
        type,
        domain: 1,
        field: undefined,
        from,
        optional: false,
        isDrain: false,
      })),
    ),
  );
  const drains = storeBuffers.map((_, actor) => ({
    actor,
    type: drain,
    domain: 1,
    field: undefined,
    from: undefined,
    optional: false,
    isDrain: true,
  }));
  return [...own, ...deliveries, ...drains].map((event, id) => ({ id, ...event }));
}

/** Returns the text of an event with a payload: `vcpu1 WRITE gfn=0`, `vcpu0 takes IPI from getDirtyLog`. */
export function eventName({ actors }: Instance, event: SystemEvent, payload: number): string {
  const name = actors[event.actor]?.name;
  if (event.from !== undefined) return `${name} takes ${event.type} from ${actors[event.from]?.name}`;
  return event.field === undefined ? `${name} ${event.type}` : `${name} ${event.type} ${event.field}=${payload}`;
}
