import type { Bitmap } from '../model/bitmap.ts';
import type { Counter } from '../model/counter.ts';
import type { SystemEvent } from '../model/events.ts';
import type { Instance } from '../model/instance.ts';
import type { DispatchEntry, DispatchStrategy } from './dispatch.ts';
import { createEvent, type RuntimeEvent, slotOf } from './event-objects.ts';
import type { Microsteps } from './microsteps.ts';
import type { FlatTransition, TransitionTables } from './transition-tables.ts';

/** How an actor handles one type of event. */
export interface EventHandler {
  readonly actor: number;
  readonly type: string;
  readonly event: RuntimeEvent;
  /** the leaf that the actor is in */
  readonly location: Counter;
  /** by leaf: the candidates */
  readonly candidates: readonly (readonly FlatTransition[])[];
  /** by leaf */
  readonly dispatch: readonly DispatchEntry[];
  /** fields of the message */
  readonly fields: readonly string[];
  /** by field: the property of the event object that holds it */
  readonly slots: readonly string[];
  /** the senders whose message is pending; undefined unless the message is posted */
  readonly pending: Bitmap | undefined;
}

/** An actor as the interpreter runs it. */
export interface ActorRuntime {
  readonly actor: number;
  readonly location: Counter;
  /** handlers of messages, one for each type: there are few, and a list is faster than a map */
  readonly handlers: readonly EventHandler[];
  /** handlers of spontaneous events */
  readonly ownHandlers: readonly EventHandler[];
  /** by leaf: ids of the spontaneous events that have a transition there */
  readonly ownEvents: readonly Int32Array[];
  /** index of the first transition of its machine in the program */
  readonly firstTransition: number;
  /** index of the first flat transition of its machine in the program */
  readonly firstFlatTransition: number;
}

/** The mailbox of an actor for posted messages of one type. */
export interface Mailbox {
  readonly pending: Bitmap;
  readonly location: Counter;
  /** by leaf: the candidates */
  readonly candidates: readonly (readonly FlatTransition[])[];
  /** by sender: id of the event of delivery */
  readonly deliveries: readonly number[];
}

/** An event bound to its actor and handler. */
export interface EventBinding {
  readonly actor: number;
  readonly runtime: ActorRuntime;
  readonly handler: EventHandler;
  /** the mailbox of a delivery */
  readonly mailbox: Mailbox | undefined;
  /** the sender of a delivery, else the actor itself */
  readonly from: number;
}

/** What the actor runtimes of a program share. */
export interface RuntimeContext {
  readonly instance: Instance;
  readonly events: readonly SystemEvent[];
  readonly dispatch: DispatchStrategy;
  readonly microsteps: Microsteps;
  readonly counts: Float64Array;
}

export function createActorRuntime(
  context: RuntimeContext,
  id: number,
  tables: TransitionTables,
  { firstTransition, firstFlatTransition }: Pick<ActorRuntime, 'firstTransition' | 'firstFlatTransition'>,
): ActorRuntime {
  const { instance, events, microsteps, counts } = context;
  const actor = instance.actors[id];
  const { leaves, location, mailbox } = actor;
  const handlerOf = (type: string, payload: string | undefined, fields: readonly string[]): EventHandler => {
    const event = createEvent(type, id, fields);
    const candidates = tables.byEvent.get(type) ?? [];
    return {
      actor: id,
      type,
      event,
      location,
      candidates,
      dispatch: context.dispatch({
        actor,
        event,
        payload: payload === undefined ? undefined : slotOf(payload),
        candidates,
        always: tables.always,
        firstTransition,
        firstFlatTransition,
        microsteps,
        counts,
      }),
      fields,
      slots: fields.map(slotOf),
      pending: mailbox[type],
    };
  };
  const received = [...tables.byEvent.keys()].filter((type) => type in instance.messages);
  const own = events.filter(({ actor, from, isDrain }) => actor === id && from === undefined && !isDrain);
  return {
    actor: id,
    location,
    firstTransition,
    firstFlatTransition,
    handlers: received.map((type) => handlerOf(type, 'from', instance.messages[type]?.fields ?? [])),
    ownHandlers: own.map(({ type, field }) => handlerOf(type, field, field === undefined ? [] : [field])),
    ownEvents: leaves.map((_, leaf) =>
      Int32Array.from(
        own.filter(({ type }) => tables.byEvent.get(type)?.[leaf]?.length !== 0),
        ({ id }) => id,
      ),
    ),
  };
}

/** Returns the handler of a message for which an actor has no transition in any state. */
export const unhandled = ({ actor, location }: ActorRuntime, type: string): EventHandler => ({
  actor,
  type,
  event: createEvent(type, actor, []),
  location,
  candidates: [],
  dispatch: [],
  fields: [],
  slots: [],
  pending: undefined,
});

export function mailboxesOf(
  instance: Instance,
  tables: readonly TransitionTables[],
  events: readonly SystemEvent[],
): Mailbox[] {
  return instance.actors.flatMap(({ id, mailbox, location }) =>
    Object.entries(mailbox).map(([type, pending]) => ({
      pending,
      location,
      candidates: tables[id]?.byEvent.get(type) ?? [],
      deliveries: events
        .filter((event) => event.actor === id && event.type === type && event.from !== undefined)
        .map(({ id }) => id),
    })),
  );
}

/** Binds the events of machines to their handlers, by event id. Drains, which have the highest ids, have no handler. */
export function bindEvents(
  events: readonly SystemEvent[],
  runtimes: readonly ActorRuntime[],
  mailboxes: readonly Mailbox[],
): EventBinding[] {
  const ofMachines = events.filter(({ isDrain }) => !isDrain);
  return ofMachines.map(({ id, actor, type, from }) => {
    const runtime = runtimes[actor];
    const handlers = from === undefined ? runtime.ownHandlers : runtime.handlers;
    return {
      actor,
      runtime,
      handler: handlers.find((one) => one.type === type) as EventHandler,
      mailbox: mailboxes.find(({ deliveries }) => deliveries.includes(id)),
      from: from ?? actor,
    };
  });
}
