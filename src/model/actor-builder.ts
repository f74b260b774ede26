import {
  type ActionOf,
  type ActorKind,
  type ActorVocabulary,
  type GuardOf,
  type Implementations,
  mergeImplementations,
} from './actor-definition.ts';
import type { CellSpec } from './declare.ts';
import { withGhosts } from './ghost-updates.ts';
import { Machine, type MachineConfig, type Vocabulary } from './machine.ts';
import type { Messages, Send } from './messages.ts';
import { copyOf } from './statechart-config.ts';
import type { ActorIds, MemoryOf, ParamValues, RegistersOf, SystemTypes } from './system-types.ts';
import { validateImplementations } from './validate-actor.ts';
import { validateMachine } from './validate-machine.ts';

export type RegisterSpecs = Readonly<Record<string, CellSpec>>;

/**
 * The `context` of actions and guards, besides the memory regions of the system, which it has by name: references to
 * memory, never data.
 * @example
 * actions: { sendAck: ({ context: { send, actors } }) => send('ACK', actors.handler) }
 */
export interface ActorContext<T extends SystemTypes, R extends RegisterSpecs> {
  /** registers of this actor: numbers and truth values are variables, everything else is its cell */
  readonly my: RegistersOf<R>;
  /** id of this actor */
  readonly me: number;
  /** index of this actor in its role */
  readonly nth: number;
  /** values of the params */
  readonly params: ParamValues<T['params']>;
  /** ids of the actors by role: `actors.mmuLock`, `actors.vcpu[0]`; `actors.nobody` is the id of no actor */
  readonly actors: ActorIds<T['roles']>;
  /** sends a message to an actor: `send('PAGE', actors.destination, { gfn })`; refused in guards and ghost updates */
  readonly send: Send<T['messages']>;
  /**
   * `smp_mb`: moves all earlier stores of this actor to memory. Make it a step of its own, since guards read memory
   * before actions run. Refused in guards and ghost updates.
   */
  readonly barrier: () => void;
}

type ContextOf<T extends SystemTypes, R extends RegisterSpecs> = MemoryOf<T['regions']> & ActorContext<T, R>;

type FieldsOf<M extends Messages> = M[keyof M]['fields'][number];
type DomainsOf<E> = { [K in keyof E]: E[K] extends { readonly field: infer F extends string } ? F : never }[keyof E];

/**
 * The `event` of actions and guards, besides the fields of its message or its payload, which it has by name:
 * `event.gfn`.
 * @example
 * guards: { isFromHolder: ({ context: { my }, event }) => event.from === my.holder }
 */
export interface ActorEvent {
  /** type of the event or message */
  readonly type: string;
  /** id of the sender; of the actor itself for a spontaneous event */
  readonly from: number;
}

type EventOf<T extends SystemTypes, E> = ActorEvent & Readonly<Record<FieldsOf<T['messages']> | DomainsOf<E>, number>>;

/**
 * The arguments of actions and guards: the memory that they refer to, and the event.
 * @example
 * type ThreadArgs = NonNullable<(typeof thread)['names']>['args'];
 */
export interface ActorArgs<T extends SystemTypes, R extends RegisterSpecs, E> {
  readonly context: ContextOf<T, R>;
  readonly event: EventOf<T, E>;
}

/** Adds the statechart to an actor. */
export interface MachineBuilder<V extends Vocabulary> {
  /**
   * Returns a machine of the actor.
   * @throws PrecopyError `BAD_DESIGN` for a name that nothing has, and for a state without a way in
   * @example
   * builder.createMachine({ id: 'lamp', initial: 'off', states: { off: { on: { PRESS: 'on' } }, on: {} } });
   */
  createMachine<const S extends string, const C extends string = never>(
    config: MachineConfig<V, S, C>,
  ): Machine<V, S, C>;
}

/**
 * The names that machines of an actor may use before any actions and guards are added.
 * @example
 * type ThreadNames = NonNullable<(typeof thread)['names']>;
 */
export interface ActorNames<T extends SystemTypes, R extends RegisterSpecs, E> {
  readonly event: (keyof E & string) | (keyof T['messages'] & string);
  readonly tag: T['tag'];
  readonly args: ActorArgs<T, R, E>;
}

/**
 * Adds the actions and guards to an actor.
 * @example
 * const worker: ActorBuilder<Types, Registers, Events> = system.actor({ events: { STEP: {} } });
 */
export interface ActorBuilder<T extends SystemTypes, R extends RegisterSpecs, E>
  extends ActorVocabulary<ActorNames<T, R, E>> {
  /**
   * Returns typed actions and guards of this actor, for `use`. An action is one line and one access to memory; it
   * changes the cells that its context refers to. A guard only reads. `ghost` updates what only properties read, right
   * after the action of that name and in the same step, so that the action itself is the protocol alone.
   */
  implement<const A extends string = never, const G extends string = never>(implementations: {
    readonly actions?: Readonly<Record<A, (args: ActorArgs<T, R, E>) => void>>;
    readonly guards?: Readonly<Record<G, (args: ActorArgs<T, R, E>) => boolean>>;
    readonly ghost?: Readonly<Partial<Record<NoInfer<A>, (args: ActorArgs<T, R, E>) => void>>>;
  }): Implementations<A, G>;
  /**
   * Picks the implementations that a machine refers to.
   * @throws PrecopyError `BAD_DESIGN` if two of them share a name
   */
  use<const P extends readonly Implementations[]>(
    ...parts: P
  ): MachineBuilder<ActorNames<T, R, E> & { action: ActionOf<P[number]>; guard: GuardOf<P[number]> }>;
  /** Adds all actions and guards of an actor that has one machine: `use(implement(...))`. */
  setup<const A extends string, const G extends string = never>(implementations: {
    readonly actions: Readonly<Record<A, (args: ActorArgs<T, R, E>) => void>>;
    readonly guards?: Readonly<Record<G, (args: ActorArgs<T, R, E>) => boolean>>;
  }): MachineBuilder<ActorNames<T, R, E> & { action: A; guard: G }>;
}

/** Returns the builder of the machines of a kind of actor. */
export function actorBuilder<T extends SystemTypes, R extends RegisterSpecs, E>(
  kind: ActorKind,
): ActorBuilder<T, R, E> {
  const builder = (implementations: Pick<Implementations, 'actions' | 'guards'>) => ({
    // biome-ignore lint/suspicious/noExplicitAny: the typed builder has checked the configuration
    createMachine: (config: any) => {
      const actor = { ...kind, ...implementations };
      validateMachine(config, actor);
      return new Machine(actor, copyOf(config));
    },
  });
  return {
    kind,
    implement: (implementations) => {
      validateImplementations(implementations);
      const { actions = {}, guards = {}, ghost = {} } = implementations;
      return { actions: withGhosts(actions, ghost), guards: { ...guards } };
    },
    use: (...parts) => builder(mergeImplementations(parts)),
    setup: (implementations) => {
      validateImplementations({ ghost: {}, ...implementations });
      const { actions, guards = {} } = implementations;
      return builder({ actions: { ...actions }, guards: { ...guards } });
    },
  };
}
