import type { Bitmap } from '../model/bitmap.ts';
import type { Counter } from '../model/cells.ts';
import type { SystemEvent } from '../model/events.ts';
import type { Instance } from '../model/instance.ts';
import { eventOf, putterOf, type StepArgs, type StepEvent } from './step-events.ts';
import type { Arrow, MachineTables } from './tables.ts';

/** What an actor does with one event type. */
export interface Reaction {
  readonly args: StepArgs;
  /** by leaf: the candidates */
  readonly arrows: readonly (readonly Arrow[])[];
  /** the fields of the message */
  readonly fields: readonly string[];
  /** where the message waits, if it is a posted one */
  readonly pending: Bitmap | undefined;
}

/** An actor as the runner plays it. */
export interface Player {
  readonly actor: number;
  readonly location: Counter;
  readonly always: readonly (readonly Arrow[])[];
  readonly reactions: ReadonlyMap<string, Reaction>;
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
  /** puts the payload into the event, if it has one */
  readonly put: ((event: StepEvent, payload: number) => void) | undefined;
  /** where the message waits and who sent it, if the event is a delivery */
  readonly mailbox: Mailbox | undefined;
  readonly from: number;
}

/** An actor, ready to be played. */
export function playerOf(
  instance: Instance,
  number: number,
  { on, always }: MachineTables,
  events: readonly SystemEvent[],
  fieldNames: readonly string[],
  { firstTransition, firstArrow }: Pick<Player, 'firstTransition' | 'firstArrow'>,
): Player {
  const actor = instance.actors[number] as Instance['actors'][number];
  return {
    actor: number,
    location: actor.location,
    always,
    firstTransition,
    firstArrow,
    reactions: new Map(
      [...on].map(([type, arrows]) => [
        type,
        {
          arrows,
          args: { context: actor.context, event: eventOf(type, number, fieldNames) },
          fields: instance.messages[type]?.fields ?? [],
          pending: actor.mailbox[type],
        },
      ]),
    ),
    own: actor.leaves.map((_, leaf) =>
      Int32Array.from(
        events.filter(
          ({ actor, from, type, isDrain }) =>
            actor === number && from === undefined && !isDrain && on.get(type)?.[leaf]?.length !== 0,
        ),
        ({ id }) => id,
      ),
    ),
  };
}

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
  fieldNames: readonly string[],
  players: readonly Player[],
  mailboxes: readonly Mailbox[],
): Taking[] {
  const ofMachines = events.filter(({ isDrain }) => !isDrain);
  return ofMachines.map(({ id, actor, type, field, from }) => {
    const player = players[actor] as Player;
    return {
      actor,
      player,
      reaction: ownReaction(player.reactions.get(type) as Reaction, from === undefined, fieldNames),
      put: field === undefined ? undefined : putterOf(field),
      mailbox: mailboxes.find(({ deliveries }) => deliveries.includes(id)),
      from: from ?? actor,
    };
  });
}

/** An event of an actor's own has arguments of its own, so that a message of that type leaves nothing behind in them. */
function ownReaction(reaction: Reaction, isOwn: boolean, fieldNames: readonly string[]): Reaction {
  if (!isOwn) return reaction;
  const { context, event } = reaction.args;
  return { ...reaction, args: { context, event: eventOf(event.type, event.from as number, fieldNames) } };
}
