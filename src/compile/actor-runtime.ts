import type { Bitmap } from '../model/bitmap.ts';
import type { Counter } from '../model/cells.ts';
import type { SystemEvent } from '../model/events.ts';
import type { Instance } from '../model/instance.ts';
import type { DispatchEntry, DispatchStrategy } from './dispatch.ts';
import { createEvent, type RuntimeEvent } from './event-objects.ts';
import type { Microsteps } from './microsteps.ts';
import type { FlatTransition, TransitionTables } from './transition-tables.ts';

/** What an actor does with one event type. */
export interface EventHandler {
  readonly actor: number;
  readonly type: string;
  readonly event: RuntimeEvent;
  /** where the actor is, and by leaf the candidates, and how one of them is chosen */
  readonly location: Counter;
  readonly arrows: readonly (readonly FlatTransition[])[];
  readonly ways: readonly DispatchEntry[];
  /** the fields of the message */
  readonly fields: readonly string[];
  /** where the message waits, if it is a posted one */
  readonly pending: Bitmap | undefined;
}

/** An actor as the runner plays it. */
export interface ActorRuntime {
  readonly actor: number;
  readonly location: Counter;
  /** what it does with messages, and with events of its own, one for each type: there are few, and a list is quicker than a map */
  readonly reactions: readonly EventHandler[];
  readonly ownReactions: readonly EventHandler[];
  /** by leaf: the numbers of its own events there */
  readonly own: readonly Int32Array[];
  /** the index of its first transition among those of all machines */
  readonly firstTransition: number;
  /** the index of its first arrow among those of all machines */
  readonly firstArrow: number;
}

/** Where posted messages of one type wait for one actor. */
export interface Mailbox {
  readonly pending: Bitmap;
  readonly location: Counter;
  readonly arrows: readonly (readonly FlatTransition[])[];
  /** by sender: the number of the event of delivery */
  readonly deliveries: readonly number[];
}

/** An event as the runner takes it. */
export interface EventBinding {
  readonly actor: number;
  readonly player: ActorRuntime;
  readonly reaction: EventHandler;
  /** where the message waits and who sent it, if the event is a delivery */
  readonly mailbox: Mailbox | undefined;
  readonly from: number;
}

/** What the players of a system share. */
export interface RuntimeContext {
  readonly instance: Instance;
  readonly events: readonly SystemEvent[];
  /** the names of all that events and messages carry */
  readonly fieldNames: readonly string[];
  readonly ways: DispatchStrategy;
  readonly moves: Microsteps;
  readonly counts: Float64Array;
}

/** An actor, ready to be played. */
export function createActorRuntime(
  company: RuntimeContext,
  number: number,
  tables: TransitionTables,
  { firstTransition, firstArrow }: Pick<ActorRuntime, 'firstTransition' | 'firstArrow'>,
): ActorRuntime {
  const { instance, events } = company;
  const { leaves, location, mailbox } = instance.actors[number];
  const reactionTo = (type: string, payload: string | undefined): EventHandler => {
    const event = createEvent(type, number, company.fieldNames);
    const arrows = tables.byEvent.get(type) ?? [];
    return {
      actor: number,
      type,
      event,
      location,
      arrows,
      ways: company.ways({
        ...company,
        firstTransition,
        firstArrow,
        actor: instance.actors[number],
        arrows,
        always: tables.always,
        event,
        payload,
      }),
      fields: instance.messages[type]?.fields ?? [],
      pending: mailbox[type],
    };
  };
  const received = [...tables.byEvent.keys()].filter((type) => type in instance.messages);
  const own = events.filter(({ actor, from, isDrain }) => actor === number && from === undefined && !isDrain);
  return {
    actor: number,
    location,
    firstTransition,
    firstArrow,
    reactions: received.map((type) => reactionTo(type, 'from')),
    ownReactions: own.map(({ type, field }) => reactionTo(type, field)),
    own: leaves.map((_, leaf) =>
      Int32Array.from(
        own.filter(({ type }) => tables.byEvent.get(type)?.[leaf]?.length !== 0),
        ({ id }) => id,
      ),
    ),
  };
}

/** What an actor does with a message that it has no transition for anywhere. */
export const unhandled = ({ actor, location }: ActorRuntime, type: string): EventHandler => ({
  actor,
  type,
  event: createEvent(type, actor, []),
  location,
  arrows: [],
  ways: [],
  fields: [],
  pending: undefined,
});

/** All mailboxes of a system. */
export function mailboxesOf(
  instance: Instance,
  tables: readonly TransitionTables[],
  events: readonly SystemEvent[],
): Mailbox[] {
  return instance.actors.flatMap(({ number, mailbox, location }) =>
    Object.entries(mailbox).map(([type, pending]) => ({
      pending,
      location,
      arrows: tables[number]?.byEvent.get(type) ?? [],
      deliveries: events
        .filter((event) => event.actor === number && event.type === type && event.from !== undefined)
        .map(({ id }) => id),
    })),
  );
}

/** How each event of a machine is taken, by its number. Those after them are drains. */
export function bindEvents(
  events: readonly SystemEvent[],
  players: readonly ActorRuntime[],
  mailboxes: readonly Mailbox[],
): EventBinding[] {
  const ofMachines = events.filter(({ isDrain }) => !isDrain);
  return ofMachines.map(({ id, actor, type, from }) => {
    const player = players[actor];
    const reactions = from === undefined ? player.ownReactions : player.reactions;
    return {
      actor,
      player,
      reaction: reactions.find((one) => one.type === type) as EventHandler,
      mailbox: mailboxes.find(({ deliveries }) => deliveries.includes(id)),
      from: from ?? actor,
    };
  });
}
