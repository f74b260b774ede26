import type { Instance } from './instance.ts';

/** What a drain is called. */
export const drain = 'DRAIN';

/**
 * An event that can be chosen: a spontaneous event of an actor, the delivery of a posted message to it, or a store that leaves its store
 * buffer.
 */
export interface SystemEvent {
  /** the number of the event: what schedules are made of */
  readonly id: number;
  /** the actor that takes it */
  readonly actor: number;
  readonly type: string;
  /** how many payloads it has: 1, or the number of pages */
  readonly domain: number;
  /** the name of the payload, where it has one */
  readonly field: string | undefined;
  /** the sender, where it is a delivery */
  readonly from: number | undefined;
  /** no fairness asks for it */
  readonly optional: boolean;
  /** the oldest store in the store buffer of the actor reaches memory: its processor does that, and no transition of its machine */
  readonly isDrain: boolean;
}

/** All events of a system, in the order of their numbers: first what actors do by themselves, then deliveries, then drains. */
export function eventsOf({ actors, storeBuffers }: Instance): SystemEvent[] {
  const own = actors.flatMap(({ number: actor, domains, machine }) =>
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
  const deliveries = actors.flatMap(({ number: actor, mailbox }) =>
    Object.keys(mailbox).flatMap((type) =>
      actors.map(({ number: from }) => ({
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

/** What an event with a payload is called: `vcpu1 WRITE gfn=0`, `vcpu0 takes IPI from getDirtyLog`. */
export function eventName({ actors }: Instance, event: SystemEvent, payload: number): string {
  const name = actors[event.actor]?.name;
  if (event.from !== undefined) return `${name} takes ${event.type} from ${actors[event.from]?.name}`;
  return event.field === undefined ? `${name} ${event.type}` : `${name} ${event.type} ${event.field}=${payload}`;
}
