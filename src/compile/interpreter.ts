import type { StepOrStart } from '../model/access-faults.ts';
import { ModelFault } from '../model/errors.ts';
import { eventsOf } from '../model/events.ts';
import { type Instance, unexpectedMessage } from '../model/instance.ts';
import { type Envelope, maxMessagesPerStep } from '../model/messages.ts';
import { checkResult, explain, modelCode } from '../model/model-code.ts';
import { OwnedSets } from '../model/owned-sets.ts';
import { type Property, type Step, violatedByDeadlock, violatedInvariant } from '../model/property.ts';
import type { StepAccesses } from '../model/step-accesses.ts';
import { checkAccesses } from './access-check.ts';
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
import { startEvent } from './event-objects.ts';
import { Microsteps } from './microsteps.ts';
import { findOwnedRace } from './owned-race.ts';
import { type Program, StepOutcome } from './program.ts';
import { StepRepetitions } from './step-repetitions.ts';
import type { TransitionTables } from './transition-tables.ts';

/** The result of `prepare` if a guard faults. */
export const guardFault = -2;

/**
 * Interprets the tables of a design on the state vector, with the guards and actions of its machines.
 * @example
 * const interpreter: Interpreter = compile(design);
 * const program = memoise(interpreter);
 */
export class Interpreter implements Program {
  // The types of these fields are those of `Program`, as the constructor assigns them.
  readonly design;
  readonly params;
  readonly state;
  readonly events;
  readonly actors;
  readonly properties;
  readonly transitions;
  readonly counts;
  readonly flatTransitions;
  readonly microsteps = new Microsteps();
  readonly ownedSets: OwnedSets;
  /** actors with spontaneous events in some state */
  readonly spontaneousActors: readonly ActorRuntime[];
  readonly mailboxes: readonly Mailbox[];

  private readonly runtimes: readonly ActorRuntime[];
  /** by event id */
  private readonly bindings: readonly EventBinding[];
  /** queue of rendezvous messages: the handler of the receiver, the sender, and the fields */
  private readonly handlers: EventHandler[] = [];
  private readonly senders: number[] = [];
  private readonly payloads: Envelope['fields'][] = [];
  private queued = 0;
  /** actor of the last step, or of the prepared one; -1 after `reset` */
  private actor = -1;
  /** binding and transition of that step; undefined for a drain and after `reset` */
  private binding: EventBinding | undefined;
  private resolved: ResolvedTransition | undefined;
  private payload = 0;
  private faultText = '';
  private readonly accesses: StepAccesses;
  private readonly repetitions: StepRepetitions;
  /** false if the state is instrumented: whoever does that repeats steps itself */
  private readonly isRepeatable: boolean;

  constructor(
    readonly instance: Instance,
    private readonly tables: readonly TransitionTables[],
    dispatch: DispatchStrategy,
  ) {
    this.design = instance.design;
    this.params = instance.params;
    this.state = instance.state;
    this.accesses = instance.accesses;
    this.ownedSets = new OwnedSets(instance.actors.length);
    this.properties = instance.design.properties as readonly Property[];
    this.actors = instance.actors.map(({ name }) => name);
    this.events = eventsOf(instance);
    const machines = [...new Set(tables)];
    this.transitions = machines.flatMap(({ transitions }) => transitions);
    this.counts = new Float64Array(this.transitions.length);
    this.flatTransitions = machines.flatMap(({ flatTransitions }) => flatTransitions);
    const firstOf = (table: TransitionTables, list: 'transitions' | 'flatTransitions'): number =>
      machines.slice(0, machines.indexOf(table)).reduce((sum, { [list]: all }) => sum + all.length, 0);
    const { events, microsteps, counts } = this;
    const context = { instance, events, dispatch, microsteps, counts };
    this.runtimes = tables.map((table, n) =>
      createActorRuntime(context, n, table, {
        firstTransition: firstOf(table, 'transitions'),
        firstFlatTransition: firstOf(table, 'flatTransitions'),
      }),
    );
    this.spontaneousActors = this.runtimes.filter(({ ownEvents }) => ownEvents.some(({ length }) => length > 0));
    this.mailboxes = mailboxesOf(instance, tables, events);
    this.bindings = bindEvents(events, this.runtimes, this.mailboxes);
    this.isRepeatable = this.state instanceof Int32Array;
    this.repetitions = new StepRepetitions(this);
    instance.setTransport((type, from, to, fields) => this.send(type, from, to, fields));
  }

  get cacheBytes(): number {
    return 0;
  }

  limitCache(): void {}

  reset(): StepOutcome {
    this.instance.reset();
    this.beginOtherStep(-1);
    try {
      for (const { id, context, location } of this.instance.actors) {
        this.accesses.begin(id);
        const { actions, actionIds, target } = this.tables[id].initial;
        for (const [n, action] of actions.entries()) {
          modelCode.running = actionIds[n];
          checkResult(action(Object.freeze({ context, event: startEvent })));
        }
        modelCode.running = 0;
        location.set(target);
        checkAccesses(this, { actor: id });
      }
      this.accesses.begin(-1);
      this.deliverQueued();
      checkAccesses(this, { actor: -1 });
      modelCode.running = 0;
      return StepOutcome.taken;
    } catch (error) {
      return this.outcomeOf(error);
    }
  }

  enabled(out: Int32Array): number {
    const { spontaneousActors, mailboxes } = this;
    let n = 0;
    for (let actor = 0; actor < spontaneousActors.length; actor++) {
      const { ownEvents, location } = spontaneousActors[actor];
      const events = ownEvents[location.get()];
      for (let i = 0; i < events.length; i++) out[n++] = events[i];
    }
    for (let m = 0; m < mailboxes.length; m++) {
      const { pending, location, candidates, deliveries } = mailboxes[m];
      let from = pending.first();
      if (from < 0 || candidates[location.get()]?.length === 0) continue;
      for (; from >= 0; from = pending.first(from + 1)) out[n++] = deliveries[from];
    }
    const { storeBuffers } = this.instance;
    for (let actor = 0; actor < storeBuffers.length; actor++) {
      if (!storeBuffers[actor].isEmpty()) out[n++] = this.bindings.length + actor;
    }
    return n;
  }

  step(event: number, payload: number): StepOutcome {
    if (!this.isRepeatable || !this.repetitions.isDue()) return this.takeStep(event, payload);
    return this.repetitions.take(event, () => this.takeStep(event, payload));
  }

  repeatSteps(): void {
    if (this.isRepeatable) this.repetitions.repeatAll();
  }

  private takeStep(event: number, payload: number): StepOutcome {
    if (event >= this.bindings.length) return this.drainStore(event - this.bindings.length);
    const transition = this.prepare(event, payload);
    return transition >= 0 ? this.commit() : transition === guardFault ? StepOutcome.fault : StepOutcome.refused;
  }

  /**
   * Returns the flat transition that an event would take now: the simulator needs the cost of a step before it takes
   * it. The state does not change. `commit` takes the event, unless another step was taken in between.
   * @returns the index of the flat transition, -1 if the guards refuse the event, or `guardFault`, whose reason `fault`
   * returns
   */
  prepare(event: number, payload: number): number {
    const binding = this.bindings[event];
    const { handler, mailbox, from } = binding;
    this.accesses.begin(binding.actor);
    try {
      const entry = handler.dispatch[handler.location.get()];
      const resolved = entry.only ?? entry.choose(mailbox === undefined ? payload : from);
      modelCode.running = 0;
      if (resolved === undefined) return -1;
      this.actor = binding.actor;
      this.binding = binding;
      this.payload = payload;
      this.resolved = resolved;
      return resolved.index;
    } catch (error) {
      this.outcomeOf(error);
      return guardFault;
    }
  }

  /** Takes the prepared event. */
  commit(): StepOutcome {
    const { binding, resolved, microsteps } = this;
    if (binding === undefined || resolved === undefined) throw new Error('nothing was prepared');
    const { mailbox } = binding;
    try {
      if (mailbox !== undefined) mailbox.pending.clear(binding.from);
      microsteps.clear();
      resolved.take();
      if (this.queued > 0) this.deliverQueued();
      if (this.accesses.shared > 1) checkAccesses(this, this.preparedStep(binding, resolved));
      modelCode.running = 0;
      return StepOutcome.taken;
    } catch (error) {
      return this.outcomeOf(error);
    }
  }

  private preparedStep(binding: EventBinding, { index }: ResolvedTransition): StepOrStart {
    const { events, bindings, instance, flatTransitions, payload } = this;
    const { leaves } = instance.actors[binding.actor];
    return { event: events[bindings.indexOf(binding)], payload, state: leaves[flatTransitions[index].leaf] };
  }

  enabledOf(actor: number): Int32Array {
    const { ownEvents, location } = this.runtimes[actor];
    return ownEvents[location.get()];
  }

  accepts(event: number): boolean {
    if (event >= this.bindings.length) return true;
    const { location, candidates } = this.bindings[event].handler;
    return candidates[location.get()]?.length !== 0;
  }

  /** Returns whether an actor has a transition for a type of event in its current state. Guards are not evaluated. */
  hasTransition(actor: number, type: string): boolean {
    const { location } = this.runtimes[actor];
    return (this.tables[actor]?.byEvent.get(type)?.[location.get()]?.length ?? 0) > 0;
  }

  lastTransition(): number {
    const { binding, microsteps } = this;
    if (!binding || microsteps.count === 0) return -1;
    return binding.runtime.firstTransition + this.flatTransitions[microsteps.transitions[0]].id;
  }

  lastStep(): Step {
    const { actor, payload, microsteps, flatTransitions } = this;
    const actions: string[] = [];
    for (let n = 0; n < microsteps.count; n++) {
      if (microsteps.actors[n] === actor) actions.push(...flatTransitions[microsteps.transitions[n]].actionNames);
    }
    return { actor, actions, payload };
  }

  violated(from?: number): number {
    return violatedInvariant(this.properties, this.instance.view, from);
  }

  covers(open: readonly number[], hit: (property: number) => void): void {
    const step = this.lastStep();
    for (let i = open.length - 1; i >= 0; i--) {
      const n = open[i];
      const property = this.properties[n];
      if (property.kind === 'cover' && property.isHit(this.instance.view, step)) hit(n);
    }
  }

  violatedByDeadlock(from?: number): number {
    return violatedByDeadlock(this.properties, this.instance.view, from);
  }

  fault(): string {
    return this.faultText;
  }

  markTaken(transitions: Int32Array): void {
    const { counts } = this;
    for (let n = 0; n < counts.length; n++) if (counts[n] > 0) transitions[n] = 1;
  }

  ownedAccesses(): number {
    const { ownedCount, owned } = this.accesses;
    return ownedCount === 0 ? 0 : this.ownedSets.idOf(owned, ownedCount);
  }

  ownedRace(): string | undefined {
    const { state, counts } = this;
    if (this.instance.ownedCells.length === 0) return undefined;
    const [stateBefore, countsBefore] = [Int32Array.from(state), Float64Array.from(counts)];
    const race = findOwnedRace(this, (event, payload) => {
      this.step(event, payload);
      state.set(stateBefore);
      return this.ownedAccesses();
    });
    counts.set(countsBefore);
    return race;
  }

  /** Moves the oldest store of an actor to memory. A store that is a message is sent. */
  private drainStore(actor: number): StepOutcome {
    const buffer = this.instance.storeBuffers[actor];
    if (buffer.isEmpty()) return StepOutcome.refused;
    this.beginOtherStep(actor);
    try {
      buffer.drainOldest();
      if (this.queued > 0) this.deliverQueued();
      checkAccesses(this, { event: this.events[this.bindings.length + actor], payload: 0, state: '' });
      modelCode.running = 0;
      return StepOutcome.taken;
    } catch (error) {
      return this.outcomeOf(error);
    }
  }

  /** Begins a drain, or the start: a step without a binding. */
  private beginOtherStep(actor: number): void {
    this.actor = actor;
    this.binding = undefined;
    this.resolved = undefined;
    this.payload = 0;
    this.microsteps.clear();
    this.accesses.begin(actor);
  }

  private outcomeOf(error: unknown): StepOutcome {
    this.queued = 0;
    const failure = error instanceof ModelFault ? error : explain(error);
    modelCode.running = 0;
    if (!(failure instanceof ModelFault)) throw failure;
    this.faultText = failure.message;
    return StepOutcome.fault;
  }

  private send(type: string, from: number, to: number, fields: Envelope['fields']): void {
    const handler = this.handlerOf(type, to);
    if (handler === undefined || handler.pending === undefined) {
      if (handler === undefined && this.instance.messages[type]?.delivery === 'posted') {
        throw new ModelFault(unexpectedMessage({ type, from, to, fields }, this.instance));
      }
      const n = this.queued++;
      this.handlers[n] = handler ?? unhandled(this.runtimes[to], type);
      this.senders[n] = from;
      this.payloads[n] = fields;
      return;
    }
    const { pending } = handler;
    if (!pending.has(from)) this.microsteps.recordPosted(type, from, to);
    pending.set(from);
  }

  /** Returns the handler of an actor for a type of message; undefined if no state has a transition for it. */
  private handlerOf(type: string, actor: number): EventHandler | undefined {
    const { handlers } = this.runtimes[actor];
    for (let n = 0; n < handlers.length; n++) {
      const one = handlers[n];
      if (one.type === type) return one;
    }
    return undefined;
  }

  /** Delivers the queued rendezvous messages in order. Each receiver runs to completion before the next delivery. */
  private deliverQueued(): void {
    for (let n = 0; n < this.queued; n++) {
      if (n === maxMessagesPerStep) throw new ModelFault('messages answer each other without end');
      const { actor, type, location, event, fields, slots, dispatch } = this.handlers[n];
      const from = this.senders[n];
      const payloads = this.payloads[n];
      this.accesses.actor = actor;
      for (let f = 0; f < fields.length; f++) event[slots[f]] = payloads[fields[f]];
      const entry = dispatch[location.get()];
      if (entry === undefined || !entry.take(from)) {
        throw new ModelFault(unexpectedMessage({ type, from, to: actor, fields: payloads }, this.instance));
      }
    }
    this.queued = 0;
  }
}
