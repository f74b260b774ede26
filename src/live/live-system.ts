import { observeOn, queueScheduler, Subject } from 'rxjs';
import { type AnyActor, createActor } from 'xstate';
import { type StepOrStart, tooManyAccesses } from '../model/access-faults.ts';
import type { Access } from '../model/access-recording.ts';
import type { Choice } from '../model/choices.ts';
import type { AnyDesign } from '../model/design.ts';
import { ModelFault, PrecopyError } from '../model/errors.ts';
import { eventName, eventsOf, type SystemEvent } from '../model/events.ts';
import { type ActorInstance, type Instance, instantiate, unexpectedMessage } from '../model/instance.ts';
import { type Envelope, maxMessagesPerStep } from '../model/messages.ts';
import { takeRefusal } from '../model/model-code.ts';
import { pathOfValue } from '../model/statechart.ts';
import { drain, drained, type StoreBuffer } from '../model/store-buffer.ts';
import type { TraceMove, TraceStep } from '../model/trace.ts';
import { coarseReasonOf, inspectedAction, inspectedTransitions } from '../model/xstate-internals.ts';
import { refuseOutsideCalls } from '../platform/refuse-outside-calls.ts';

/**
 * A design that runs as real xstate actors on an RxJS bus. Nothing happens by itself: `take` takes one chosen event and
 * lets it run to completion. Call `stop` at the end.
 *
 * The bus delivers one message at a time (`queueScheduler` is a trampoline). A rendezvous message waits on it until the
 * transition of its sender is complete, and is delivered within the same step. A posted message is pending in the
 * mailbox of the receiver until its delivery is chosen.
 * @example
 * const live = new LiveSystem(design, { vcpus: 1 });
 * const step = live.take(live.enabled()[0]);
 * live.stop();
 */
export class LiveSystem {
  readonly instance: Instance;
  readonly events: readonly SystemEvent[];
  /** reason why the last step is not well-formed; no choice is enabled then */
  fault: string | undefined;

  /** Each task runs to completion before the next one, also if the next one is emitted meanwhile. */
  private readonly bus = new Subject<() => void>();
  private readonly actors: readonly AnyActor[];
  private recording = true;
  /** true if a transition of the step says why it accesses shared memory more than once */
  private isCoarse = false;
  private moves: Move[] = [];

  /** @throws PrecopyError as `instantiate` */
  constructor(design: AnyDesign, params: Readonly<Record<string, number>> = {}) {
    refuseOutsideCalls();
    // What an earlier system left behind is not of this one.
    takeRefusal();
    this.instance = instantiate(design, params, (access) => this.record(access));
    this.events = eventsOf(this.instance);
    this.instance.setTransport((type, from, to, fields) => this.send({ type, from, to, fields }));
    this.actors = this.instance.actors.map((actor) => this.create(actor));
    this.bus.pipe(observeOn(queueScheduler)).subscribe((task) => task());
    // One task, so that messages of entry actions are delivered when all actors have started.
    this.bus.next(() => {
      for (const { id } of this.instance.actors) {
        this.moves = [newMove(id, '', id, '')];
        this.actors[id]?.start();
        this.checkAccesses({ actor: id });
      }
      this.moves = [];
    });
    this.checkAccesses({ actor: -1 });
    throwRefusal();
    for (const actor of this.instance.actors) this.locate(actor);
    this.moves = [];
  }

  /** Returns the enabled choices, by event id and payload. */
  enabled(): Choice[] {
    return this.events.flatMap((event) =>
      Array.from({ length: event.domain }, (_, payload) => ({ event: event.id, payload })).filter((choice) =>
        this.canTake(choice),
      ),
    );
  }

  /**
   * Takes a choice, and all rendezvous that follow from it.
   * @throws PrecopyError `BAD_SCHEDULE` if it is not enabled
   */
  take(choice: Choice): TraceStep {
    const event = this.events[choice.event];
    if (!event || !this.canTake(choice)) {
      const name = event ? eventName(this.instance, event, choice.payload) : `event ${choice.event}`;
      throw new PrecopyError(
        'BAD_SCHEDULE',
        `'${name}' is not enabled here`,
        'replay the schedule with the design and params that it was found with',
      );
    }
    const { actor, type, field, from, isDrain } = event;
    this.moves = [];
    this.isCoarse = false;
    this.bus.next(() => {
      if (isDrain) {
        this.drainStore(actor);
        return;
      }
      if (from !== undefined) this.instance.actors[actor]?.mailbox[type]?.clear(from);
      this.receive({ type, from: from ?? actor, to: actor, fields: field ? { [field]: choice.payload } : {} });
    });
    throwRefusal();
    this.checkAccesses({ event, payload: choice.payload, state: this.moves[0]?.before ?? '' });
    return {
      actor,
      event: type,
      ...(field !== undefined && { payload: { field, value: choice.payload } }),
      ...(from !== undefined && { from }),
      moves: this.moves,
    };
  }

  /** Returns whether a choice is enabled, and what its guards access. */
  tryGuards(choice: Choice): { readonly enabled: boolean; readonly move: Pick<TraceMove, 'actor' | 'accesses'> } {
    const move = newMove(this.events[choice.event]?.actor ?? -1, '', -1, '');
    this.moves = [move];
    const enabled = this.canTake(choice, true);
    return { enabled, move };
  }

  /** Stops the actors and completes the bus. */
  stop(): void {
    for (const actor of this.actors) actor.stop();
    this.bus.complete();
  }

  private create({ machine, context }: ActorInstance): AnyActor {
    const actor = createActor(machine.checkedStatechart, {
      input: context,
      inspect: (inspected) => {
        const action = inspectedAction(inspected);
        if (action !== undefined) this.moves.at(-1)?.actions.push(action);
        if (inspectedTransitions(inspected).some((one) => coarseReasonOf(one) !== undefined)) this.isCoarse = true;
      },
    });
    actor.subscribe({ error: (error) => this.fail(error) });
    return actor;
  }

  /** Delivers a message, or a spontaneous event, to its receiver, which runs to completion. */
  private receive(envelope: Envelope): void {
    if (this.fault !== undefined) return;
    if (this.moves.length > maxMessagesPerStep) {
      this.fault = 'messages answer each other without end';
      return;
    }
    const { type, from, to, fields } = envelope;
    const instance = this.instance.actors[to] as ActorInstance;
    const actor = this.actors[to] as AnyActor;
    const event = { type, from, ...fields };
    const before = instance.leaves[instance.location.get()] as string;
    const move = newMove(to, type, from, before);
    if (from !== to && Object.keys(fields).length > 0) move.fields = fields;
    this.moves.push(move);
    if (!this.evaluate(() => hasTransition(actor, event))) {
      this.fault = unexpectedMessage(envelope, this.instance);
      return;
    }
    actor.send(event);
    this.locate(instance);
    move.after = instance.leaves[instance.location.get()] as string;
  }

  /** Moves the oldest store of an actor to memory. A store that is a message is sent. */
  private drainStore(actor: number): void {
    const { leaves, location } = this.instance.actors[actor] as ActorInstance;
    const state = leaves[location.get()] as string;
    this.moves.push(newMove(actor, drain, actor, state));
    try {
      (this.instance.storeBuffers[actor] as StoreBuffer).drainOldest();
    } catch (error) {
      this.fail(error);
    }
  }

  private send(envelope: Envelope): void {
    const { type, from, to } = envelope;
    const { delivery, ordering } = this.instance.messages[type] ?? {};
    const posted = delivery === 'posted';
    this.moves.at(-1)?.sent.push({ type, to, posted, ...(ordering === 'call' && { call: true }) });
    if (!posted) {
      this.bus.next(() => this.receive(envelope));
      return;
    }
    const mailbox = this.instance.actors[to]?.mailbox[type];
    if (!mailbox) throw new ModelFault(unexpectedMessage(envelope, this.instance));
    mailbox.set(from);
  }

  private canTake({ event: id, payload }: Choice, recording = false): boolean {
    const event = this.events[id];
    if (this.fault !== undefined || !event || payload >= event.domain) return false;
    const { actor, type, field, from, isDrain } = event;
    if (isDrain) return !this.instance.storeBuffers[actor]?.isEmpty();
    if (from !== undefined && !this.instance.actors[actor]?.mailbox[type]?.has(from)) return false;
    const chosen = { type, from: from ?? actor, ...(field !== undefined && { [field]: payload }) };
    return this.evaluate(() => hasTransition(this.actors[actor] as AnyActor, chosen), recording);
  }

  /**
   * Evaluates guards, by default without recording. A guard that faults counts as true, so that the step that takes the
   * event shows the fault.
   */
  private evaluate(evaluate: () => boolean, recording = false): boolean {
    this.recording = recording;
    try {
      return evaluate();
    } catch {
      throwRefusal();
      return true;
    } finally {
      this.recording = true;
    }
  }

  /** Checks that the step, whose moves are recorded, accesses shared memory at most once. A drain is no access. */
  private checkAccesses(step: StepOrStart): void {
    const shared = this.moves.flatMap(({ actor, accesses }) =>
      accesses.flatMap(({ cell, operation, region }) =>
        region === 'shared' && operation !== drained ? [{ actor, cell, operation }] : [],
      ),
    );
    if (shared.length > 1 && !this.isCoarse) this.fault ??= tooManyAccesses(this.instance, step, shared);
  }

  private record(access: Access): void {
    if (this.recording) this.moves.at(-1)?.accesses.push(access);
  }

  /** Stores the state of an actor in its location. */
  private locate({ id, leaves, location }: ActorInstance): void {
    location.set(leaves.indexOf(pathOfValue(this.actors[id]?.getSnapshot().value)));
  }

  private fail(error: unknown): void {
    this.fault ??= error instanceof Error ? error.message : String(error);
  }
}

type Move = { -readonly [K in keyof TraceMove]: TraceMove[K] } & {
  actions: string[];
  accesses: Access[];
  sent: TraceMove['sent'][number][];
};

function newMove(actor: number, event: string, from: number, state: string): Move {
  return { actor, event, from, before: state, after: state, actions: [], accesses: [], sent: [] };
}

/**
 * Throws what a guard or an action was refused for. That is no fault of a step, but an error of the design.
 * @throws PrecopyError `BAD_DESIGN`
 */
function throwRefusal(): void {
  const refusal = takeRefusal();
  if (refusal) throw refusal;
}

function hasTransition(actor: AnyActor, event: { readonly type: string }): boolean {
  const snapshot = actor.getSnapshot();
  return snapshot.status === 'active' && snapshot.can(event);
}
