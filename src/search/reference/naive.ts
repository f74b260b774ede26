import type { AnyMachineSnapshot, AnyStateMachine } from 'xstate';
import type { AnyDesign } from '../../model/design.ts';
import { ModelFault } from '../../model/errors.ts';
import { eventsOf, type SystemEvent } from '../../model/events.ts';
import { type ActorInstance, type Envelope, type Instance, instantiate } from '../../model/instance.ts';
import { brokenInvariant, isValidEndState, type Property, wellFormed } from '../../model/property.ts';

/** A state as plain data: the words of memory, in which the states of the actors and the mailboxes are as well. */
type Words = readonly number[];

interface Visited {
  readonly words: Words;
  readonly depth: number;
}

export interface NaiveResult {
  readonly states: number;
  /** states generated, the initial one counted */
  readonly transitions: number;
  readonly depth: number;
  /** the words of each state, as text */
  readonly vectors: ReadonlySet<string>;
  /** one of the violations that the fewest choices lead to; the search ends where longer ones begin */
  readonly violation: { readonly property: string; readonly length: number } | undefined;
}

export const vectorOf = (words: ArrayLike<number>): string => JSON.stringify(Array.from(words));

/**
 * A second search that shares nothing with the first but the model: no compiler, no fingerprints, no packing. The statecharts are run by
 * xstate itself, by its pure `machine.transition`, and visited states are kept as text in a map.
 */
export function exploreNaively(design: AnyDesign, params: Readonly<Record<string, number>>): NaiveResult {
  const instance = instantiate(design, params);
  const events = eventsOf(instance);
  const system = new NaiveSystem(instance);
  const properties: readonly Property[] = design.properties;
  const seen = new Map<string, Visited>();
  const waiting: Visited[] = [];
  let transitions = 0;
  let depth = 0;
  let violation: NaiveResult['violation'];

  const violate = (property: string, length: number): void => {
    if (!violation || length < violation.length) violation = { property, length };
  };
  const visit = (level: number): void => {
    transitions++;
    const words = Array.from(instance.state);
    const key = vectorOf(words);
    if (seen.has(key)) return;
    const visited = { words, depth: level };
    seen.set(key, visited);
    waiting.push(visited);
    depth = level;
    const broken = brokenInvariant(properties, instance.view);
    if (broken >= 0) violate(properties[broken].id, level - 1);
  };

  system.start();
  visit(1);
  for (let next = waiting.shift(); next && next.depth - 1 < (violation?.length ?? Infinity); next = waiting.shift()) {
    let taken = 0;
    for (const event of events) {
      for (let payload = 0; payload < event.domain; payload++) {
        instance.state.set(next.words);
        try {
          if (!system.take(event, payload)) continue;
          taken++;
          visit(next.depth + 1);
        } catch (error) {
          if (!(error instanceof ModelFault)) throw error;
          taken++;
          violate(wellFormed, next.depth);
        }
      }
    }
    instance.state.set(next.words);
    if (taken === 0 && !isValidEndState(properties, instance.view)) violate('no-deadlock', next.depth - 1);
  }
  return { states: seen.size, transitions, depth, vectors: new Set(seen.keys()), violation };
}

/** The rules of messages, as messages.ts tells them, on statecharts that xstate runs. */
class NaiveSystem {
  private readonly snapshots = new Map<string, AnyMachineSnapshot>();
  private rendezvous: Envelope[] = [];

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

  /** Starts all actors, and delivers what they send. */
  start(): void {
    this.instance.reset();
    for (const actor of this.instance.actors) {
      const { statechart } = actor.machine;
      this.moveTo(actor, statechart.getInitialSnapshot(scope as never, actor.context as never));
    }
    this.deliver();
  }

  /** Lets an event happen; false when nobody takes it. */
  take({ actor, type, field, from }: SystemEvent, payload: number): boolean {
    const receiver = this.instance.actors[actor];
    const mailbox = from === undefined ? undefined : receiver.mailbox[type];
    if (from !== undefined && !mailbox?.has(from)) return false;
    const event = { type, from: from ?? actor, ...(field !== undefined && { [field]: payload }) };
    if (!this.isTaken(receiver, event)) return false;
    if (from !== undefined) mailbox?.clear(from);
    this.transition(receiver, event);
    this.deliver();
    return true;
  }

  private deliver(): void {
    try {
      for (let next = this.rendezvous.shift(); next; next = this.rendezvous.shift()) {
        const receiver = this.instance.actors[next.to];
        const event = { type: next.type, from: next.from, ...next.fields };
        if (!this.isTaken(receiver, event)) throw new ModelFault('nobody takes this message');
        this.transition(receiver, event);
      }
    } finally {
      this.rendezvous = [];
    }
  }

  private isTaken(actor: ActorInstance, event: { type: string }): boolean {
    const snapshot = this.snapshotOf(actor);
    return unwrapped(() => snapshot.machine.getTransitionData(snapshot as never, event as never)).length > 0;
  }

  private transition(actor: ActorInstance, event: { type: string }): void {
    const snapshot = this.snapshotOf(actor);
    const machine: AnyStateMachine = snapshot.machine;
    this.moveTo(
      actor,
      unwrapped(() => machine.transition(snapshot as never, event as never, scope as never)),
    );
  }

  /** The snapshot that an actor has in the state where it is. */
  private snapshotOf({ id, machine, leaves, location, context }: ActorInstance): AnyMachineSnapshot {
    const path = leaves[location.get()];
    const key = `${id} ${path}`;
    let snapshot = this.snapshots.get(key);
    if (!snapshot) {
      const value = path
        .split('.')
        .reduceRight<unknown>((inner, name) => (inner === undefined ? name : { [name]: inner }), undefined);
      snapshot = machine.statechart.resolveState({ value, context } as never) as AnyMachineSnapshot;
      this.snapshots.set(key, snapshot);
    }
    return snapshot;
  }

  private moveTo(actor: ActorInstance, snapshot: AnyMachineSnapshot): void {
    if (snapshot.status === 'error') throw snapshot.error;
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

/** A scope in which no actor lives: actions run at once, and there is nothing else to do. */
const scope = {
  self: {},
  system: { _sendInspectionEvent: () => undefined },
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
};

/** xstate wraps what a guard throws in an error of its own; a fault of the model is a fault all the same. */
function unwrapped<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('Unable to evaluate guard'))
      throw new ModelFault(error.message);
    throw error;
  }
}
