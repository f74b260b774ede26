import type { Bitmap } from '../model/bitmap.ts';
import type { Counter } from '../model/cells.ts';
import type { SystemEvent } from '../model/events.ts';
import type { ActorInstance, Instance } from '../model/instance.ts';
import type { Moves } from './moves.ts';
import { eventOf, type StepEvent } from './step-events.ts';
import type { Arrow, MachineTables } from './tables.ts';
import type { Choices, Ways } from './ways.ts';

/** What an actor does with one event type. */
export interface Reaction {
  readonly actor: number;
  readonly type: string;
  readonly event: StepEvent;
  /** where the actor is, and by leaf the candidates, and how one of them is chosen */
  readonly location: Counter;
  readonly arrows: readonly (readonly Arrow[])[];
  readonly ways: readonly Choices[];
  /** the fields of the message */
  readonly fields: readonly string[];
  /** where the message waits, if it is a posted one */
  readonly pending: Bitmap | undefined;
}

/** An actor as the runner plays it. */
export interface Player {
  readonly actor: number;
  readonly location: Counter;
  /** what it does with messages, and with events of its own, one for each type: there are few, and a list is quicker than a map */
  readonly reactions: readonly Reaction[];
  readonly ownReactions: readonly Reaction[];
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
  readonly arrows: readonly (readonly Arrow[])[];
  /** by sender: the number of the event of delivery */
  readonly deliveries: readonly number[];
}

/** An event as the runner takes it. */
export interface Taking {
  readonly actor: number;
  readonly player: Player;
  readonly reaction: Reaction;
  /** where the message waits and who sent it, if the event is a delivery */
  readonly mailbox: Mailbox | undefined;
  readonly from: number;
}

/** What the players of a system share. */
export interface Company {
  readonly instance: Instance;
  readonly events: readonly SystemEvent[];
  /** the names of all that events and messages carry */
  readonly fieldNames: readonly string[];
  readonly ways: Ways;
  readonly moves: Moves;
  readonly counts: Float64Array;
}

/** An actor, ready to be played. */
export function playerOf(
  company: Company,
  number: number,
  tables: MachineTables,
  { firstTransition, firstArrow }: Pick<Player, 'firstTransition' | 'firstArrow'>,
): Player {
  const { instance, events } = company;
  const { leaves, location, mailbox } = instance.actors[number] as ActorInstance;
  const reactionTo = (type: string, told: string | undefined): Reaction => {
    const event = eventOf(type, number, company.fieldNames);
    const arrows = tables.on.get(type) ?? [];
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
        actor: instance.actors[number] as ActorInstance,
        arrows,
        always: tables.always,
        event,
        told,
      }),
      fields: instance.messages[type]?.fields ?? [],
      pending: mailbox[type],
    };
  };
  const received = [...tables.on.keys()].filter((type) => type in instance.messages);
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
        own.filter(({ type }) => tables.on.get(type)?.[leaf]?.length !== 0),
        ({ id }) => id,
      ),
    ),
  };
}

/** What an actor does with a message that it has no transition for anywhere. */
export const noReaction = ({ actor, location }: Player, type: string): Reaction => ({
  actor,
  type,
  event: eventOf(type, actor, []),
  location,
  arrows: [],
  ways: [],
  fields: [],
  pending: undefined,
});

/** All mailboxes of a system. */
export function mailboxesOf(
  instance: Instance,
  tables: readonly MachineTables[],
  events: readonly SystemEvent[],
): Mailbox[] {
  return instance.actors.flatMap(({ number, mailbox, location }) =>
    Object.entries(mailbox).map(([type, pending]) => ({
      pending,
      location,
      arrows: tables[number]?.on.get(type) ?? [],
      deliveries: events
        .filter((event) => event.actor === number && event.type === type && event.from !== undefined)
        .map(({ id }) => id),
    })),
  );
}

/** How each event of a machine is taken, by its number. Those after them are drains. */
export function takingsOf(
  events: readonly SystemEvent[],
  players: readonly Player[],
  mailboxes: readonly Mailbox[],
): Taking[] {
  const ofMachines = events.filter(({ isDrain }) => !isDrain);
  return ofMachines.map(({ id, actor, type, from }) => {
    const player = players[actor] as Player;
    const reactions = from === undefined ? player.ownReactions : player.reactions;
    return {
      actor,
      player,
      reaction: reactions.find((one) => one.type === type) as Reaction,
      mailbox: mailboxes.find(({ deliveries }) => deliveries.includes(id)),
      from: from ?? actor,
    };
  });
}
