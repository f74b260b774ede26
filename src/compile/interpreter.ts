import type { AnyDesign } from '../model/design.ts';
import { ModelFault } from '../model/errors.ts';
import { eventsOf, type SystemEvent } from '../model/events.ts';
import { type Envelope, type Instance, unexpected } from '../model/instance.ts';
import { maxMessages } from '../model/messages.ts';
import { brokenInvariant, isValidEndState, type Property, type StepSeen } from '../model/property.ts';
import {
  type ActorRuntime,
  bindEvents,
  createActorRuntime,
  type EventBinding,
  type EventHandler,
  type Mailbox,
  mailboxesOf,
  unhandled,
} from './actor-runtime.ts';
import type { DispatchStrategy, ResolvedTransition } from './dispatch.ts';
import { fieldNamesOf } from './event-objects.ts';
import { Microsteps } from './microsteps.ts';
import type { Program } from './program.ts';
import { StepOutcome } from './step-outcome.ts';
import type { FlatTransition, TransitionInfo, TransitionTables } from './transition-tables.ts';

/** What `prepare` returns where a guard failed. */
export const guardFault = -2;

/** Runs the tables of a design on one flat state, with the guards and actions of its machines. */
export class Interpreter implements Program {
  readonly design: AnyDesign;
  readonly params: Readonly<Record<string, number>>;
  readonly state: Int32Array;
  readonly events: readonly SystemEvent[];
  readonly actors: readonly string[];
  readonly properties: readonly Property[];
  readonly transitions: readonly TransitionInfo[];
  readonly counts: Float64Array;
  readonly arrows: readonly FlatTransition[];
  readonly moves = new Microsteps();

  private readonly players: readonly ActorRuntime[];
  /** those that offer events of their own somewhere */
  readonly initiators: readonly ActorRuntime[];
  private readonly takings: readonly EventBinding[];
  readonly mailboxes: readonly Mailbox[];
  /** messages on their way by rendezvous: what their receivers do with them, who sent them, and what they carry */
  private readonly reactions: EventHandler[] = [];
  private readonly senders: number[] = [];
  private readonly payloads: Envelope['fields'][] = [];
  private queued = 0;
  /** the last step, or the one that `prepare` has settled on: its actor, or -1, and how it takes its event; undefined for a drain */
  private actor = -1;
  private binding: EventBinding | undefined;
  private resolved: ResolvedTransition | undefined;
  private payload = 0;
  private faultText = '';

  constructor(
    readonly instance: Instance,
    private readonly tables: readonly TransitionTables[],
    ways: DispatchStrategy,
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
    this.arrows = machines.flatMap(({ arrows }) => arrows);
    const firstOf = (table: TransitionTables, what: 'transitions' | 'arrows'): number =>
      machines.slice(0, machines.indexOf(table)).reduce((sum, { [what]: all }) => sum + all.length, 0);
    const { events, moves, counts } = this;
    const company = { instance, events, fieldNames: fieldNamesOf(instance, events), ways, moves, counts };
    this.players = tables.map((table, n) =>
      createActorRuntime(company, n, table, {
        firstTransition: firstOf(table, 'transitions'),
        firstArrow: firstOf(table, 'arrows'),
      }),
    );
    this.initiators = this.players.filter(({ own }) => own.some(({ length }) => length > 0));
    this.mailboxes = mailboxesOf(instance, tables, events);
    this.takings = bindEvents(events, this.players, this.mailboxes);
    instance.setTransport((type, from, to, fields) => this.send(type, from, to, fields));
  }

  reset(): StepOutcome {
    this.instance.reset();
    this.startOther(-1);
    try {
      for (const { number, context, location } of this.instance.actors) {
        const { actions, target } = this.tables[number].initial;
        for (const action of actions) action({ context, event: { type: 'xstate.init' } });
        location.set(target);
      }
      this.drain();
      return StepOutcome.taken;
    } catch (error) {
      return this.caught(error);
    }
  }

  enabled(out: Int32Array): number {
    const { initiators, mailboxes } = this;
    let n = 0;
    for (let actor = 0; actor < initiators.length; actor++) {
      const { own, location } = initiators[actor];
      const events = own[location.get()];
      for (let i = 0; i < events.length; i++) out[n++] = events[i];
    }
    for (let m = 0; m < mailboxes.length; m++) {
      const { pending, location, arrows, deliveries } = mailboxes[m];
      let from = pending.first();
      if (from < 0 || arrows[location.get()]?.length === 0) continue;
      for (; from >= 0; from = pending.first(from + 1)) out[n++] = deliveries[from];
    }
    const { storeBuffers } = this.instance;
    for (let actor = 0; actor < storeBuffers.length; actor++) {
      if (!storeBuffers[actor].isEmpty()) out[n++] = this.takings.length + actor;
    }
    return n;
  }

  step(event: number, payload: number): StepOutcome {
    if (event >= this.takings.length) return this.drainStore(event - this.takings.length);
    const arrow = this.prepare(event, payload);
    return arrow >= 0 ? this.commit() : arrow === guardFault ? StepOutcome.fault : StepOutcome.refused;
  }

  /**
   * Finds out how an event would be taken now, and changes nothing: an engine that knows of time has to know what a step costs before it is
   * taken. `commit` takes it, if no other step was taken in between.
   * @returns its arrow, or -1 where the guards refuse it, or `guardFault`, of which `fault` tells more
   */
  prepare(event: number, payload: number): number {
    const binding = this.takings[event];
    const { reaction, mailbox, from } = binding;
    try {
      const choices = reaction.ways[reaction.location.get()];
      const resolved = choices.only ?? choices.choose(mailbox === undefined ? payload : from);
      if (resolved === undefined) return -1;
      this.actor = binding.actor;
      this.binding = binding;
      this.payload = payload;
      this.resolved = resolved;
      return resolved.arrow;
    } catch (error) {
      this.caught(error);
      return guardFault;
    }
  }

  /** Takes the event that was prepared last. */
  commit(): StepOutcome {
    const { binding, resolved, moves } = this;
    if (binding === undefined || resolved === undefined) throw new Error('nothing was prepared');
    const { mailbox } = binding;
    try {
      if (mailbox !== undefined) mailbox.pending.clear(binding.from);
      moves.clear();
      resolved.take();
      if (this.queued > 0) this.drain();
      return StepOutcome.taken;
    } catch (error) {
      return this.caught(error);
    }
  }

  enabledOf(actor: number): Int32Array {
    const { own, location } = this.players[actor];
    return own[location.get()];
  }

  accepts(event: number): boolean {
    if (event >= this.takings.length) return true;
    const { location, arrows } = this.takings[event].reaction;
    return arrows[location.get()]?.length !== 0;
  }

  /** Whether an actor has a transition for an event or message of that type where it is, if its guards allow. */
  takes(actor: number, type: string): boolean {
    const { location } = this.players[actor];
    return (this.tables[actor]?.byEvent.get(type)?.[location.get()]?.length ?? 0) > 0;
  }

  lastTransition(): number {
    const { binding, moves } = this;
    if (!binding || moves.count === 0) return -1;
    return binding.player.firstTransition + this.arrows[moves.arrows[0]].id;
  }

  lastStep(): StepSeen {
    const { actor, payload, moves, arrows } = this;
    const actions: string[] = [];
    for (let n = 0; n < moves.count; n++) {
      if (moves.actors[n] === actor) actions.push(...arrows[moves.arrows[n]].actionNames);
    }
    return { actor, actions, payload };
  }

  violated(): number {
    return brokenInvariant(this.properties, this.instance.view);
  }

  covers(open: readonly number[], hit: (property: number) => void): void {
    const step = this.lastStep();
    for (let i = open.length - 1; i >= 0; i--) {
      const n = open[i];
      const property = this.properties[n];
      if (property.kind === 'cover' && property.seen(this.instance.view, step)) hit(n);
    }
  }

  isValidEndState(): boolean {
    return isValidEndState(this.properties, this.instance.view);
  }

  fault(): string {
    return this.faultText;
  }

  /** The oldest store of an actor reaches memory; a message that it is goes on its way. */
  private drainStore(actor: number): StepOutcome {
    const buffer = this.instance.storeBuffers[actor];
    if (buffer.isEmpty()) return StepOutcome.refused;
    this.startOther(actor);
    try {
      buffer.drainOldest();
      if (this.queued > 0) this.drain();
      return StepOutcome.taken;
    } catch (error) {
      return this.caught(error);
    }
  }

  /** Begins a step that is no event of a machine. */
  private startOther(actor: number): void {
    this.actor = actor;
    this.binding = undefined;
    this.resolved = undefined;
    this.payload = 0;
    this.moves.clear();
  }

  private caught(error: unknown): StepOutcome {
    this.queued = 0;
    if (!(error instanceof ModelFault)) throw error;
    this.faultText = error.message;
    return StepOutcome.fault;
  }

  private send(type: string, from: number, to: number, fields: Envelope['fields']): void {
    const reaction = this.reactionTo(type, to);
    if (reaction === undefined || reaction.pending === undefined) {
      if (reaction === undefined && this.instance.messages[type]?.delivery === 'posted') {
        throw new ModelFault(unexpected({ type, from, to, fields }, this.instance));
      }
      const n = this.queued++;
      this.reactions[n] = reaction ?? unhandled(this.players[to], type);
      this.senders[n] = from;
      this.payloads[n] = fields;
      return;
    }
    const { pending } = reaction;
    if (!pending.has(from)) this.moves.recordPosted(type, from, to);
    pending.set(from);
  }

  /** What an actor does with messages of a type, if it has a transition for it anywhere. */
  private reactionTo(type: string, actor: number): EventHandler | undefined {
    const { reactions } = this.players[actor];
    for (let n = 0; n < reactions.length; n++) {
      const one = reactions[n];
      if (one.type === type) return one;
    }
    return undefined;
  }

  /** Delivers what was sent by rendezvous, in the order of sending; each receiver runs to completion before the next one. */
  private drain(): void {
    for (let n = 0; n < this.queued; n++) {
      if (n === maxMessages) throw new ModelFault('messages answer each other without end');
      const { actor, type, location, event, fields, ways } = this.reactions[n];
      const from = this.senders[n];
      const payloads = this.payloads[n];
      for (let f = 0; f < fields.length; f++) event[fields[f]] = payloads[fields[f]];
      const choices = ways[location.get()];
      if (choices === undefined || !choices.take(from)) {
        throw new ModelFault(unexpected({ type, from, to: actor, fields: payloads }, this.instance));
      }
    }
    this.queued = 0;
  }
}
