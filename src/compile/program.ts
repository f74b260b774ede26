import type { AnyDesign } from '../model/design.ts';
import { ModelFault } from '../model/errors.ts';
import { eventsOf, type SystemEvent } from '../model/events.ts';
import { type ActorInstance, type Envelope, type Instance, instantiate, unexpected } from '../model/instance.ts';
import { brokenInvariant, mayStop, type Property, type StepSeen } from '../model/property.ts';
import type { Recorder } from '../model/record.ts';
import type { StepArgs } from './guards.ts';
import { type Arrow, compileTables, type MachineTables, type TransitionInfo } from './tables.ts';

/** The outcome of trying a step. */
export const Step = { refused: 0, taken: 1, fault: 2 } as const;
export type StepOutcome = (typeof Step)[keyof typeof Step];

/**
 * A design at a certain size, compiled: all that an engine sees. There is one current state, `state`, that every call reads and changes
 * in place; an engine that explores saves and restores its words.
 */
export interface Program {
  readonly design: AnyDesign;
  readonly params: Readonly<Record<string, number>>;
  /** the current state; its length is the number of 32-bit words of a state */
  readonly state: Int32Array;
  readonly events: readonly SystemEvent[];
  readonly actors: readonly string[];
  readonly properties: readonly Property[];
  /** transitions of all machines, by the number that `taken` gives */
  readonly transitions: readonly TransitionInfo[];
  /** Makes the initial state current. */
  reset(): StepOutcome;
  /** Writes the events that the actors may take now, returns how many. A guard may still refuse one, or a payload of it. */
  enabled(out: Int32Array): number;
  /** Takes an event. When it is refused, the state is as before. After a fault, `fault` says what went wrong. */
  step(event: number, payload: number): StepOutcome;
  /** The transition that the last step began with. */
  taken(): number;
  /** The last step, as covers see it. */
  seen(): StepSeen;
  /** Index in `properties` of the first invariant that the current state breaks, or -1. */
  violated(): number;
  /** Calls `hit` with the index in `properties` of each cover, among those still open, that the last step or this state shows. */
  covers(open: readonly number[], hit: (property: number) => void): void;
  /** Whether a state in which nothing can happen is a proper end. */
  mayStop(): boolean;
  fault(): string;
  readonly instance: Instance;
}

const maxEventless = 1000;

/**
 * Compiles a design.
 * @throws PrecopyError `UNSUPPORTED_FEATURE`, `BAD_DESIGN` or `BAD_PARAMETER`
 */
export function compile(design: AnyDesign, sizes: Readonly<Record<string, number>> = {}, record?: Recorder): Program {
  const tables = new Map(Object.values(design.machines).map((machine) => [machine, compileTables(machine.statechart)]));
  const instance = instantiate(design, sizes, record);
  return new Runner(instance, instance.actors.map(({ machine }) => tables.get(machine) as MachineTables));
}

/** What one actor does with one event type. */
interface Reaction {
  readonly args: StepArgs;
  /** by leaf */
  readonly arrows: readonly (readonly Arrow[])[];
}

class Runner implements Program {
  readonly design: AnyDesign;
  readonly params: Readonly<Record<string, number>>;
  readonly state: Int32Array;
  readonly events: readonly SystemEvent[];
  readonly actors: readonly string[];
  readonly properties: readonly Property[];
  readonly transitions: readonly TransitionInfo[];

  private readonly firstTransition: readonly number[];
  private readonly reactions: readonly ReadonlyMap<string, Reaction>[];
  /** by event: what the actor does with it, and the field that gets the payload */
  private readonly reactionOf: readonly Reaction[];
  private readonly fieldOf: readonly (string | undefined)[];
  /** by actor and leaf: its own events there */
  private readonly ownEvents: readonly (readonly Int32Array[])[];
  /** posted messages: where they wait, and the event of delivery by sender */
  private readonly mailboxes: readonly Mailbox[];
  private readonly mailboxOf: readonly (Mailbox | undefined)[];
  private readonly queue: Envelope[] = [];
  private current: { arrow: Arrow; event: number; payload: number };
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
    const offsets = new Map<MachineTables, number>();
    const transitions: TransitionInfo[] = [];
    for (const table of new Set(tables)) {
      offsets.set(table, transitions.length);
      transitions.push(...table.transitions);
    }
    this.transitions = transitions;
    this.firstTransition = tables.map((table) => offsets.get(table) as number);
    this.reactions = instance.actors.map((actor, n) => reactionsOf(actor, tables[n] as MachineTables));
    const events = eventsOf(instance);
    const mailboxes = mailboxesOf(instance, tables, events);
    this.events = events;
    this.mailboxes = mailboxes;
    this.reactionOf = events.map(({ actor, type }) => this.reactions[actor]?.get(type) as Reaction);
    this.fieldOf = events.map(({ field }) => field);
    this.mailboxOf = events.map(({ id }) => mailboxes.find(({ deliveries }) => deliveries.includes(id)));
    this.ownEvents = ownEventsOf(instance, tables, events);
    this.current = { arrow: tables[0]?.initial as Arrow, event: 0, payload: 0 };
    instance.transport = (envelope) => this.send(envelope);
  }

  reset(): StepOutcome {
    this.instance.reset();
    this.queue.length = 0;
    try {
      this.instance.actors.forEach((actor, n) => {
        const { initial } = this.tables[n] as MachineTables;
        const args = { context: actor.context, event: { type: 'xstate.init', from: actor.number } };
        this.fire(n, initial, args);
      });
      this.drain();
      return Step.taken;
    } catch (error) {
      return this.caught(error);
    }
  }

  enabled(out: Int32Array): number {
    let n = 0;
    const actors = this.instance.actors;
    for (let actor = 0; actor < actors.length; actor++) {
      const own = (this.ownEvents[actor] as readonly Int32Array[])[(actors[actor] as ActorInstance).location.get()] as Int32Array;
      for (let i = 0; i < own.length; i++) out[n++] = own[i] as number;
    }
    for (const mailbox of this.mailboxes) {
      if (mailbox.pending.isEmpty() || !mailbox.takes(mailbox.location.get())) continue;
      for (let from = mailbox.pending.first(); from >= 0; from = mailbox.pending.first(from + 1)) {
        out[n++] = mailbox.deliveries[from] as number;
      }
    }
    return n;
  }

  step(event: number, payload: number): StepOutcome {
    const { actor } = this.events[event] as SystemEvent;
    const reaction = this.reactionOf[event] as Reaction;
    const field = this.fieldOf[event];
    if (field !== undefined) reaction.args.event[field] = payload;
    const mailbox = this.mailboxOf[event];
    if (mailbox) (reaction.args.event as { from: number }).from = this.events[event]?.from as number;
    try {
      const arrow = select(reaction.arrows[(this.instance.actors[actor] as ActorInstance).location.get()], reaction.args);
      if (!arrow) return Step.refused;
      if (mailbox) mailbox.pending.clear(this.events[event]?.from as number);
      this.current.arrow = arrow;
      this.current.event = event;
      this.current.payload = payload;
      this.fire(actor, arrow, reaction.args);
      if (this.queue.length > 0) this.drain();
      return Step.taken;
    } catch (error) {
      return this.caught(error);
    }
  }

  taken(): number {
    return (this.firstTransition[this.seen().actor] as number) + this.current.arrow.id;
  }

  seen(): StepSeen {
    const { arrow, event, payload } = this.current;
    return { actor: this.events[event]?.actor as number, actions: arrow.actionNames, payload };
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
    this.queue.length = 0;
    if (!(error instanceof ModelFault)) throw error;
    this.faultText = error.message;
    return Step.fault;
  }

  private send(envelope: Envelope): void {
    if (this.instance.messages[envelope.type]?.delivery !== 'posted') {
      this.queue.push(envelope);
      return;
    }
    const to = this.instance.actors[envelope.to] as ActorInstance;
    const pending = to.mailbox[envelope.type];
    if (!pending) throw new ModelFault(unexpected(envelope, this.instance));
    pending.set(envelope.from);
  }

  /** Delivers what was sent by rendezvous, in the order of sending; each receiver runs to completion before the next one. */
  private drain(): void {
    for (let n = 0; n < this.queue.length; n++) {
      const envelope = this.queue[n] as Envelope;
      const reaction = this.reactions[envelope.to]?.get(envelope.type);
      if (!reaction) throw new ModelFault(unexpected(envelope, this.instance));
      Object.assign(reaction.args.event, envelope.fields, { from: envelope.from });
      const arrow = select(reaction.arrows[(this.instance.actors[envelope.to] as ActorInstance).location.get()], reaction.args);
      if (!arrow) throw new ModelFault(unexpected(envelope, this.instance));
      this.fire(envelope.to, arrow, reaction.args);
    }
    this.queue.length = 0;
  }

  private fire(actor: number, arrow: Arrow, args: StepArgs): void {
    const { location } = this.instance.actors[actor] as ActorInstance;
    const { always } = this.tables[actor] as MachineTables;
    const { actions } = arrow;
    for (let n = 0; n < actions.length; n++) (actions[n] as (args: StepArgs) => void)(args);
    location.set(arrow.target);
    let next = select(always[arrow.target], args);
    for (let n = 0; next; n++) {
      if (n === maxEventless) throw new ModelFault(`${this.actors[actor]} takes eventless transitions without end`);
      for (const action of next.actions) action(args);
      location.set(next.target);
      next = select(always[next.target], args);
    }
  }
}

/** Where posted messages of one type wait for one actor. */
interface Mailbox {
  readonly pending: ActorInstance['mailbox'][string];
  readonly location: ActorInstance['location'];
  readonly takes: (leaf: number) => boolean;
  /** by sender: the event of delivery */
  readonly deliveries: readonly number[];
}

function select(candidates: readonly Arrow[] | undefined, args: StepArgs): Arrow | undefined {
  if (candidates === undefined) return undefined;
  for (let n = 0; n < candidates.length; n++) {
    const arrow = candidates[n] as Arrow;
    if (arrow.guard === undefined || arrow.guard(args)) return arrow;
  }
  return undefined;
}

function reactionsOf(actor: ActorInstance, tables: MachineTables): Map<string, Reaction> {
  return new Map(
    [...tables.on].map(([type, arrows]) => [
      type,
      { arrows, args: { context: actor.context, event: { type, from: actor.number } } },
    ]),
  );
}

function mailboxesOf(
  instance: Instance,
  tables: readonly MachineTables[],
  events: readonly SystemEvent[],
): Mailbox[] {
  return instance.actors.flatMap(({ number, mailbox, location }) =>
    Object.entries(mailbox).map(([type, pending]) => {
      const arrows = tables[number]?.on.get(type) ?? [];
      const deliveries = events.filter(({ actor, type: other, from }) => actor === number && other === type && from !== undefined);
      return {
        pending,
        location,
        deliveries: deliveries.map(({ id }) => id),
        takes: (leaf) => (arrows[leaf]?.length ?? 0) > 0,
      };
    }),
  );
}

function ownEventsOf(
  instance: Instance,
  tables: readonly MachineTables[],
  events: readonly SystemEvent[],
): (readonly Int32Array[])[] {
  return instance.actors.map(({ number: actor, leaves }) =>
    leaves.map((_, leaf) =>
      Int32Array.from(
        events.filter(
          (event) =>
            event.actor === actor &&
            event.from === undefined &&
            (tables[actor]?.on.get(event.type)?.[leaf]?.length ?? 0) > 0,
        ),
        ({ id }) => id,
      ),
    ),
  );
}
