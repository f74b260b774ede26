import type { AnyMachineSnapshot, AnyStateMachine, InspectionEvent } from 'xstate';
import { ModelFault } from '../../model/errors.ts';
import type { SystemEvent } from '../../model/events.ts';
import type { ActorInstance, Instance } from '../../model/instance.ts';
import type { Envelope } from '../../model/messages.ts';
import { takeRefusal } from '../../model/model-code.ts';
import { coarseReasonOf, inspectedTransitions } from '../../model/xstate-internals.ts';

/**
 * A design's system, executed by xstate: `machine.transition`, a pure function of a snapshot and an event, takes the
 * transitions, and this class delivers the messages by the rules of src/model/messages.ts. The snapshots follow from
 * the state vector, so the vector is the whole state.
 */
export class NaiveSystem {
  private readonly snapshots = new Map<string, AnyMachineSnapshot>();
  private rendezvous: Envelope[] = [];
  /** true if a transition of the step says why it accesses shared memory more than once */
  private isCoarse = false;
  private readonly scope = scopeOf((event) => {
    if (inspectedTransitions(event).some((one) => coarseReasonOf(one) !== undefined)) this.isCoarse = true;
  });

  constructor(private readonly instance: Instance) {
    instance.setTransport((type, from, to, fields) => {
      if (instance.messages[type]?.delivery === 'rendezvous') this.rendezvous.push({ type, from, to, fields });
      else {
        const mailbox = instance.actors[to]?.mailbox[type];
        if (!mailbox) throw new ModelFault('nobody takes this message');
        mailbox.set(from);
      }
    });
  }

  /** Starts all actors, and delivers the messages that they send. */
  start(): void {
    const { accesses } = this.instance;
    this.instance.reset();
    takeRefusal();
    this.isCoarse = false;
    for (const actor of this.instance.actors) {
      const { checkedStatechart } = actor.machine;
      accesses.begin(actor.id);
      this.moveTo(actor, checkedStatechart.getInitialSnapshot(this.scope as never, actor.context as never));
      this.checkAccesses();
    }
    accesses.begin(-1);
    this.deliver();
    this.checkAccesses();
  }

  /** Takes an event. Returns false if its receiver has no transition for it. */
  take({ actor, type, field, from }: SystemEvent, payload: number): boolean {
    const { accesses } = this.instance;
    const receiver = this.instance.actors[actor];
    accesses.begin(actor);
    const mailbox = from === undefined ? undefined : receiver.mailbox[type];
    if (from !== undefined && !mailbox?.has(from)) return false;
    const event = { type, from: from ?? actor, ...(field !== undefined && { [field]: payload }) };
    if (!this.accepts(receiver, event)) return false;
    if (from !== undefined) mailbox?.clear(from);
    // The guards are evaluated again.
    accesses.begin(actor);
    this.isCoarse = false;
    this.transition(receiver, event);
    this.deliver();
    this.checkAccesses();
    return true;
  }

  /** Checks that the step accesses shared memory at most once, or that one of its transitions says why not. */
  private checkAccesses(): void {
    if (this.instance.accesses.shared > 1 && !this.isCoarse) throw new ModelFault('a step accesses too much');
  }

  private deliver(): void {
    try {
      const { accesses } = this.instance;
      for (let next = this.rendezvous.shift(); next; next = this.rendezvous.shift()) {
        const { shared } = accesses;
        accesses.actor = next.to;
        const receiver = this.instance.actors[next.to];
        const event = { type: next.type, from: next.from, ...next.fields };
        if (!this.accepts(receiver, event)) throw new ModelFault('nobody takes this message');
        accesses.shared = shared;
        this.transition(receiver, event);
      }
    } finally {
      this.rendezvous = [];
    }
  }

  private accepts(actor: ActorInstance, event: { type: string }): boolean {
    const snapshot = this.snapshotOf(actor);
    return unwrapFault(() => snapshot.machine.getTransitionData(snapshot as never, event as never)).length > 0;
  }

  private transition(actor: ActorInstance, event: { type: string }): void {
    const snapshot = this.snapshotOf(actor);
    const machine: AnyStateMachine = snapshot.machine;
    this.moveTo(
      actor,
      unwrapFault(() => machine.transition(snapshot as never, event as never, this.scope as never)),
    );
  }

  /** Returns the snapshot of an actor at its current location. */
  private snapshotOf({ id, machine, leaves, location, context }: ActorInstance): AnyMachineSnapshot {
    const path = leaves[location.get()];
    const key = `${id} ${path}`;
    let snapshot = this.snapshots.get(key);
    if (!snapshot) {
      const value = path
        .split('.')
        .reduceRight<unknown>((inner, name) => (inner === undefined ? name : { [name]: inner }), undefined);
      snapshot = machine.checkedStatechart.resolveState({ value, context } as never) as AnyMachineSnapshot;
      this.snapshots.set(key, snapshot);
    }
    return snapshot;
  }

  private moveTo(actor: ActorInstance, snapshot: AnyMachineSnapshot): void {
    if (snapshot.status === 'error') throw takeRefusal() ?? snapshot.error;
    const path: string[] = [];
    for (let value: unknown = snapshot.value; value !== undefined; ) {
      const [name, inner] =
        typeof value === 'string' ? [value, undefined] : (Object.entries(value as object)[0] as [string, unknown]);
      path.push(name);
      value = inner;
    }
    actor.location.set(actor.leaves.indexOf(path.join('.')));
  }
}

/** Returns the actor scope that xstate passes to actions. It executes actions at once, and has no actor system. */
const scopeOf = (inspect: (event: InspectionEvent) => void) => ({
  self: {},
  system: { _sendInspectionEvent: inspect },
  defer: () => undefined,
  emit: () => undefined,
  logger: () => undefined,
  stopChild: () => undefined,
  actionExecutor: ({
    exec,
    info,
    params,
  }: {
    exec?: (info: unknown, params: unknown) => void;
    info: unknown;
    params: unknown;
  }) => exec?.(info, params),
});

/** Rethrows the exception of a guard, which xstate wraps, as the model fault that it is. */
function unwrapFault<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    const refusal = takeRefusal();
    if (refusal) throw refusal;
    if (error instanceof Error && error.message.startsWith('Unable to evaluate guard'))
      throw new ModelFault(error.message);
    throw error;
  }
}
