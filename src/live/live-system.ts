import { delayWhen, filter, observeOn, queueScheduler, Subject, take } from 'rxjs';
import { type AnyActor, createActor } from 'xstate';
import type { Access } from '../model/access-recording.ts';
import type { Choice } from '../model/choices.ts';
import type { AnyDesign } from '../model/design.ts';
import { ModelFault, PrecopyError } from '../model/errors.ts';
import { drain, eventName, eventsOf, type SystemEvent } from '../model/events.ts';
import { type ActorInstance, type Envelope, type Instance, instantiate, unexpectedMessage } from '../model/instance.ts';
import { maxMessagesPerStep } from '../model/messages.ts';
import { pathOfValue } from '../model/statechart.ts';
import type { StoreBuffer } from '../model/store-buffer.ts';
import type { TraceMove, TraceStep } from '../model/trace.ts';

/**
 * A design at work: real xstate actors that exchange messages over an RxJS bus. Nothing happens by itself: `take` makes one chosen event
 * happen and lets it run to completion.
 *
 * A rendezvous message is queued until its sender's transition is complete (RxJS's `queueScheduler`), and delivered within the same step.
 * A posted message is held back until its delivery is chosen.
 */
export class LiveSystem {
  readonly instance: Instance;
  readonly events: readonly SystemEvent[];
  /** what went wrong in the last step, if the model itself forbids it; nothing more can be taken then */
  fault: string | undefined;

  private readonly bus = new Subject<Envelope>();
  private readonly chosen = new Subject<Envelope>();
  private readonly actors: readonly AnyActor[];
  private recording = true;
  private moves: Move[] = [];

  /** @throws PrecopyError as `instantiate` */
  constructor(design: AnyDesign, params: Readonly<Record<string, number>> = {}) {
    this.instance = instantiate(design, params, (access) => this.record(access));
    this.events = eventsOf(this.instance);
    this.instance.setTransport((type, from, to, fields) => this.send({ type, from, to, fields }));
    this.actors = this.instance.actors.map((actor) => this.create(actor));
    queueScheduler.schedule(() => {
      for (const actor of this.actors) actor.start();
    });
    for (const actor of this.instance.actors) this.locate(actor);
    this.moves = [];
  }

  /** The choices that can be taken now, in the order of event numbers and payloads. */
  enabled(): Choice[] {
    return this.events.flatMap((event) =>
      Array.from({ length: event.domain }, (_, payload) => ({ event: event.id, payload })).filter((choice) =>
        this.canTake(choice),
      ),
    );
  }

  /**
   * Takes one choice, and all rendezvous that follow from it.
   * @throws PrecopyError `BAD_SCHEDULE` when it cannot be taken now
   */
  take(choice: Choice): TraceStep {
    const event = this.events[choice.event];
    if (!event || !this.canTake(choice)) {
      const name = event ? eventName(this.instance, event, choice.payload) : `event ${choice.event}`;
      throw new PrecopyError(
        'BAD_SCHEDULE',
        `'${name}' cannot happen here`,
        'replay the schedule with the design and params that it was made with',
      );
    }
    const { actor, type, field, from, isDrain } = event;
    this.moves = [];
    queueScheduler.schedule(() => {
      if (isDrain) this.drainStore(actor);
      else if (from === undefined)
        this.receive({ type, from: actor, to: actor, fields: field ? { [field]: choice.payload } : {} });
      else this.chosen.next({ type, from, to: actor, fields: {} });
    });
    return {
      actor,
      event: type,
      ...(field !== undefined && { payload: { field, value: choice.payload } }),
      ...(from !== undefined && { from }),
      moves: this.moves,
    };
  }

  private create(instance: ActorInstance): AnyActor {
    const { machine, context, id } = instance;
    const actor = createActor(machine.statechart, {
      input: context,
      inspect: (inspected) => {
        if (inspected.type === '@xstate.action') this.moves.at(-1)?.actions.push(inspected.action.type);
      },
    });
    actor.subscribe({ error: (error) => this.fail(error) });
    const mine = this.bus.pipe(filter(({ to }) => to === id));
    mine
      .pipe(
        filter((envelope) => !this.isPosted(envelope)),
        observeOn(queueScheduler),
      )
      .subscribe((envelope) => this.receive(envelope));
    mine
      .pipe(
        filter((envelope) => this.isPosted(envelope)),
        delayWhen((posted) =>
          this.chosen.pipe(
            filter((chosen) => isSame(chosen, posted)),
            take(1),
          ),
        ),
      )
      .subscribe((envelope) => {
        instance.mailbox[envelope.type]?.clear(envelope.from);
        this.receive(envelope);
      });
    return actor;
  }

  /** An actor takes a message or one of its own events, and runs to completion. */
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
    if (!this.silently(() => takes(actor, event))) {
      this.fault = unexpectedMessage(envelope, this.instance);
      return;
    }
    actor.send(event);
    this.locate(instance);
    move.after = instance.leaves[instance.location.get()] as string;
  }

  /** The oldest store of an actor reaches memory; a message that it is goes on its way. */
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
    const posted = this.isPosted(envelope);
    this.moves.at(-1)?.sent.push({ type: envelope.type, to: envelope.to, posted });
    if (posted) {
      const mailbox = this.instance.actors[envelope.to]?.mailbox[envelope.type];
      if (!mailbox) throw new ModelFault(unexpectedMessage(envelope, this.instance));
      if (mailbox.has(envelope.from)) return;
      mailbox.set(envelope.from);
    }
    this.bus.next(envelope);
  }

  private canTake({ event: id, payload }: Choice): boolean {
    const event = this.events[id];
    if (this.fault !== undefined || !event || payload >= event.domain) return false;
    const { actor, type, field, from, isDrain } = event;
    if (isDrain) return !this.instance.storeBuffers[actor]?.isEmpty();
    if (from !== undefined && !this.instance.actors[actor]?.mailbox[type]?.has(from)) return false;
    const taken = { type, from: from ?? actor, ...(field !== undefined && { [field]: payload }) };
    return this.silently(() => takes(this.actors[actor] as AnyActor, taken));
  }

  /** Evaluates guards without recording; a guard that faults counts as willing, so that taking the event shows the fault. */
  private silently(can: () => boolean): boolean {
    this.recording = false;
    try {
      return can();
    } catch {
      return true;
    } finally {
      this.recording = true;
    }
  }

  private record(access: Access): void {
    if (this.recording) this.moves.at(-1)?.accesses.push(access);
  }

  private locate(instance: ActorInstance): void {
    const path = pathOfValue(this.actors[instance.id]?.getSnapshot().value);
    instance.location.set(instance.leaves.indexOf(path));
  }

  private isPosted({ type }: Envelope): boolean {
    return this.instance.messages[type]?.delivery === 'posted';
  }

  private fail(error: unknown): void {
    this.fault ??= error instanceof Error ? error.message : String(error);
  }
}

type Move = { -readonly [K in keyof TraceMove]: TraceMove[K] } & {
  actions: string[];
  accesses: Access[];
  sent: { type: string; to: number; posted: boolean }[];
};

function newMove(actor: number, event: string, from: number, state: string): Move {
  return { actor, event, from, before: state, after: state, actions: [], accesses: [], sent: [] };
}

function takes(actor: AnyActor, event: { readonly type: string }): boolean {
  const snapshot = actor.getSnapshot();
  return snapshot.status === 'active' && snapshot.can(event);
}

function isSame(a: Envelope, b: Envelope): boolean {
  return a.type === b.type && a.from === b.from && a.to === b.to;
}
