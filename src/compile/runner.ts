import type { Bitmap } from '../model/bitmap.ts';
import type { Counter } from '../model/cells.ts';
import type { AnyDesign } from '../model/design.ts';
import { ModelFault } from '../model/errors.ts';
import { eventsOf, type SystemEvent } from '../model/events.ts';
import { type Envelope, type Instance, unexpected } from '../model/instance.ts';
import { brokenInvariant, mayStop, type Property, type StepSeen } from '../model/property.ts';
import type { StepArgs } from './guards.ts';
import type { Program } from './program.ts';
import { Step, type StepOutcome } from './step.ts';
import type { Arrow, MachineTables, TransitionInfo } from './tables.ts';

/** How many eventless transitions may follow each other before they count as endless. */
const maxEventless = 1000;

/** What an actor does with one event type. */
interface Reaction {
  readonly args: StepArgs;
  /** by leaf: the candidates */
  readonly arrows: readonly (readonly Arrow[])[];
  /** the fields of the message */
  readonly fields: readonly string[];
}

/** An actor as the runner plays it. */
interface Player {
  readonly location: Counter;
  readonly always: readonly (readonly Arrow[])[];
  readonly reactions: ReadonlyMap<string, Reaction>;
  /** by leaf: the numbers of its own events there */
  readonly own: readonly Int32Array[];
  /** the index of its first transition among those of all machines */
  readonly firstTransition: number;
}

/** Where posted messages of one type wait for one actor. */
interface Mailbox {
  readonly pending: Bitmap;
  readonly location: Counter;
  readonly arrows: readonly (readonly Arrow[])[];
  /** by sender: the number of the event of delivery */
  readonly deliveries: readonly number[];
}

/** An event as the runner takes it. */
interface Taking {
  readonly actor: number;
  readonly player: Player;
  readonly reaction: Reaction;
  readonly field: string | undefined;
  /** where the message waits and who sent it, if the event is a delivery */
  readonly mailbox: Mailbox | undefined;
  readonly from: number;
}

/** Runs the tables of a design on one flat state, with the guards and actions of its machines. */
export class Runner implements Program {
  readonly design: AnyDesign;
  readonly params: Readonly<Record<string, number>>;
  readonly state: Int32Array;
  readonly events: readonly SystemEvent[];
  readonly actors: readonly string[];
  readonly properties: readonly Property[];
  readonly transitions: readonly TransitionInfo[];
  readonly counts: Float64Array;

  private readonly players: readonly Player[];
  /** those that offer events of their own somewhere */
  private readonly initiators: readonly Player[];
  private readonly takings: readonly Taking[];
  private readonly mailboxes: readonly Mailbox[];
  private readonly posted: ReadonlySet<string>;
  /** messages on their way by rendezvous */
  private readonly queue: Envelope[] = [];
  private queued = 0;
  private last: { taking: Taking; arrow: Arrow; payload: number };
  private faultText = '';

  constructor(
    readonly instance: Instance,
    private readonly tables: readonly MachineTables[],
  ) {
    this.design = instance.design;
    this.params = instance.params;
    this.state = instance.state;
    this.properties = instance.design.properties;
    this.actors = instance.actors.map(({ name }) => name);
    this.events = eventsOf(instance);
    const machines = [...new Set(tables)];
    this.transitions = machines.flatMap(({ transitions }) => transitions);
    this.counts = new Float64Array(this.transitions.length);
    const firstOf = (table: MachineTables): number =>
      machines.slice(0, machines.indexOf(table)).reduce((sum, { transitions }) => sum + transitions.length, 0);
    this.players = tables.map((table, n) => player(instance, n, table, this.events, firstOf(table)));
    this.initiators = this.players.filter(({ own }) => own.some(({ length }) => length > 0));
    this.mailboxes = mailboxesOf(instance, tables, this.events);
    this.takings = this.events.map(({ id, actor, type, field, from }) => {
      const played = this.players[actor] as Player;
      return {
        actor,
        player: played,
        reaction: played.reactions.get(type) as Reaction,
        field,
        mailbox: this.mailboxes.find(({ deliveries }) => deliveries.includes(id)),
        from: from ?? actor,
      };
    });
    this.posted = new Set(
      Object.entries(instance.messages).flatMap(([type, { delivery }]) => (delivery === 'posted' ? [type] : [])),
    );
    this.last = { taking: this.takings[0] as Taking, arrow: tables[0]?.initial as Arrow, payload: 0 };
    instance.carryMessagesBy((envelope) => this.send(envelope));
  }

  reset(): StepOutcome {
    this.instance.reset();
    try {
      this.players.forEach((played, n) => {
        const args = { context: this.instance.actors[n]?.context, event: { type: 'xstate.init', from: n } };
        this.fire(played, (this.tables[n] as MachineTables).initial, args);
      });
      this.drain();
      return Step.taken;
    } catch (error) {
      return this.caught(error);
    }
  }

  enabled(out: Int32Array): number {
    const { initiators, mailboxes } = this;
    let n = 0;
    for (let actor = 0; actor < initiators.length; actor++) {
      const { own, location } = initiators[actor] as Player;
      const events = own[location.get()] as Int32Array;
      for (let i = 0; i < events.length; i++) out[n++] = events[i] as number;
    }
    for (let m = 0; m < mailboxes.length; m++) {
      const { pending, location, arrows, deliveries } = mailboxes[m] as Mailbox;
      let from = pending.first();
      if (from < 0 || arrows[location.get()]?.length === 0) continue;
      for (; from >= 0; from = pending.first(from + 1)) out[n++] = deliveries[from] as number;
    }
    return n;
  }

  step(event: number, payload: number): StepOutcome {
    const taking = this.takings[event] as Taking;
    const { player, reaction, field, mailbox } = taking;
    if (field !== undefined) reaction.args.event[field] = payload;
    if (mailbox !== undefined) reaction.args.event.from = taking.from;
    try {
      const arrow = select(reaction.arrows[player.location.get()] as readonly Arrow[], reaction.args);
      if (arrow === undefined) return Step.refused;
      if (mailbox !== undefined) mailbox.pending.clear(taking.from);
      this.last.taking = taking;
      this.last.arrow = arrow;
      this.last.payload = payload;
      this.fire(player, arrow, reaction.args);
      if (this.queued > 0) this.drain();
      return Step.taken;
    } catch (error) {
      return this.caught(error);
    }
  }

  taken(): number {
    return this.last.taking.player.firstTransition + this.last.arrow.id;
  }

  seen(): StepSeen {
    const { arrow, taking, payload } = this.last;
    return { actor: taking.actor, actions: arrow.actionNames, payload };
  }

  violated(): number {
    return brokenInvariant(this.properties, this.instance.view);
  }

  covers(open: readonly number[], hit: (property: number) => void): void {
    const step = this.seen();
    for (const n of open) {
      const property = this.properties[n] as Property;
      if (property.kind === 'cover' && property.seen(this.instance.view, step)) hit(n);
    }
  }

  mayStop(): boolean {
    return mayStop(this.properties, this.instance.view);
  }

  fault(): string {
    return this.faultText;
  }

  private caught(error: unknown): StepOutcome {
    this.queued = 0;
    if (!(error instanceof ModelFault)) throw error;
    this.faultText = error.message;
    return Step.fault;
  }

  private send(envelope: Envelope): void {
    if (!this.posted.has(envelope.type)) {
      this.queue[this.queued++] = envelope;
      return;
    }
    const pending = this.instance.actors[envelope.to]?.mailbox[envelope.type];
    if (!pending) throw new ModelFault(unexpected(envelope, this.instance));
    pending.set(envelope.from);
  }

  /** Delivers what was sent by rendezvous, in the order of sending; each receiver runs to completion before the next one. */
  private drain(): void {
    for (let n = 0; n < this.queued; n++) {
      const envelope = this.queue[n] as Envelope;
      const receiver = this.players[envelope.to] as Player;
      const reaction = receiver.reactions.get(envelope.type);
      if (reaction === undefined) throw new ModelFault(unexpected(envelope, this.instance));
      const { args, fields, arrows } = reaction;
      args.event.from = envelope.from;
      for (let f = 0; f < fields.length; f++) args.event[fields[f] as string] = envelope.fields[fields[f] as string];
      const arrow = select(arrows[receiver.location.get()] as readonly Arrow[], args);
      if (arrow === undefined) throw new ModelFault(unexpected(envelope, this.instance));
      this.fire(receiver, arrow, args);
    }
    this.queued = 0;
  }

  private fire({ location, always, firstTransition }: Player, arrow: Arrow, args: StepArgs): void {
    let next: Arrow | undefined = arrow;
    for (let n = 0; next !== undefined; n++) {
      if (n > maxEventless) throw new ModelFault('eventless transitions follow each other without end');
      const { actions, target } = next;
      for (let i = 0; i < actions.length; i++) (actions[i] as (args: StepArgs) => void)(args);
      location.set(target);
      if (next.id >= 0) this.counts[firstTransition + next.id] = (this.counts[firstTransition + next.id] as number) + 1;
      const eventless = always[target] as readonly Arrow[];
      next = eventless.length === 0 ? undefined : select(eventless, args);
    }
  }
}

function select(candidates: readonly Arrow[], args: StepArgs): Arrow | undefined {
  for (let n = 0; n < candidates.length; n++) {
    const arrow = candidates[n] as Arrow;
    if (arrow.guard === undefined || arrow.guard(args)) return arrow;
  }
  return undefined;
}

function player(
  instance: Instance,
  number: number,
  { on, always }: MachineTables,
  events: readonly SystemEvent[],
  firstTransition: number,
): Player {
  const actor = instance.actors[number] as Instance['actors'][number];
  return {
    location: actor.location,
    always,
    firstTransition,
    reactions: new Map(
      [...on].map(([type, arrows]) => [
        type,
        {
          arrows,
          args: { context: actor.context, event: { type, from: number } },
          fields: instance.messages[type]?.fields ?? [],
        },
      ]),
    ),
    own: actor.leaves.map((_, leaf) =>
      Int32Array.from(
        events.filter(
          (event) => event.actor === number && event.from === undefined && on.get(event.type)?.[leaf]?.length !== 0,
        ),
        ({ id }) => id,
      ),
    ),
  };
}

function mailboxesOf(instance: Instance, tables: readonly MachineTables[], events: readonly SystemEvent[]): Mailbox[] {
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
