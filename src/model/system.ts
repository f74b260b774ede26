import {
  type ActionOf,
  type ActorDefinition,
  type GuardOf,
  type Implementations,
  mergeImplementations,
  type SpontaneousEvent,
} from './actor-definition.ts';
import type { CellSpec } from './declare.ts';
import { withGhosts } from './ghost-updates.ts';
import { Machine, type MachineConfig, type Vocabulary } from './machine.ts';
import type { Messages, Send } from './messages.ts';
import { type Properties, properties } from './property.ts';
import { copyOf } from './statechart-config.ts';
import type { SymmetrySpec } from './symmetry-spec.ts';
import type { SystemSpec } from './system-spec.ts';
import type {
  ActorIds,
  CellSpecs,
  MemoryOf,
  ParamSpecs,
  ParamValues,
  RegionSpec,
  Regions,
  RegistersOf,
  Roles,
  SystemTypes,
} from './system-types.ts';
import { validateActor, validateImplementations } from './validate-actor.ts';
import { validateMachine } from './validate-machine.ts';
import { validateSystem } from './validate-system.ts';

/**
 * Declares memory that all actors access.
 * @example
 * memory: ({ pages }) => ({ kvm: shared({ dirtyBitmap: bitmap(pages) }) })
 */
export const shared = <C extends CellSpecs>(cells: C): RegionSpec<C> => ({ region: 'shared', cells });
/**
 * Declares memory that belongs to one actor at a time, by a lock or by the protocol. A step may access it besides its
 * one shared access.
 * @example
 * memory: ({ pages }) => ({ ioctl: owned({ snapshot: bitmap(pages) }) })
 */
export const owned = <C extends CellSpecs>(cells: C): RegionSpec<C> => ({ region: 'owned', cells });
/**
 * Declares memory that only properties read.
 * @example
 * memory: ({ pages }) => ({ ghost: ghost({ written: bitmap(pages) }) })
 */
export const ghost = <C extends CellSpecs>(cells: C): RegionSpec<C> => ({ region: 'ghost', cells });

/** The `context` of actions and guards: references to memory, never data. */
type ContextOf<T extends SystemTypes, R extends Readonly<Record<string, CellSpec>>> = MemoryOf<T['regions']> & {
  /** registers of this actor */
  readonly my: RegistersOf<R>;
  /** id of this actor */
  readonly me: number;
  /** index of this actor in its role */
  readonly nth: number;
  readonly params: ParamValues<T['params']>;
  readonly actors: ActorIds<T['roles']>;
  readonly send: Send<T['messages']>;
  /**
   * `smp_mb`: moves all earlier stores of this actor to memory. Make it a step of its own, since guards read memory
   * before actions run.
   */
  readonly barrier: () => void;
};

/** The type of a record without keys, inferred for what a system does not declare. */
type None = Readonly<Record<never, never>>;

type FieldsOf<M extends Messages> = M[keyof M]['fields'][number];
type DomainsOf<E> = { [K in keyof E]: E[K] extends { readonly field: infer F extends string } ? F : never }[keyof E];

/**
 * The `event` of actions and guards: the sender (the actor itself for a spontaneous event), and the fields of the
 * message or the payload.
 */
type EventOf<T extends SystemTypes, E> = {
  readonly type: string;
  readonly from: number;
} & Readonly<Record<FieldsOf<T['messages']> | DomainsOf<E>, number>>;

interface Args<T extends SystemTypes, R extends Readonly<Record<string, CellSpec>>, E> {
  readonly context: ContextOf<T, R>;
  readonly event: EventOf<T, E>;
}

/** Adds the statechart to an actor. */
interface MachineBuilder<V extends Vocabulary> {
  createMachine<const S extends string, const C extends string = never>(
    config: MachineConfig<V, S, C>,
  ): Machine<V, S, C>;
}

/** Adds the actions and guards to an actor. */
export interface ActorBuilder<T extends SystemTypes, R extends Readonly<Record<string, CellSpec>>, E> {
  /**
   * Returns typed actions and guards of this actor, for `use`. An action is one line and one access to memory; it
   * changes the cells that its context refers to. A guard only reads. `ghost` updates what only properties read, right
   * after the action of that name and in the same step, so that the action itself is the protocol alone.
   */
  implement<const A extends string = never, const G extends string = never>(implementations: {
    readonly actions?: Readonly<Record<A, (args: Args<T, R, E>) => void>>;
    readonly guards?: Readonly<Record<G, (args: Args<T, R, E>) => boolean>>;
    readonly ghost?: Readonly<Partial<Record<NoInfer<A>, (args: Args<T, R, E>) => void>>>;
  }): Implementations<A, G>;
  /**
   * Picks the implementations that a machine refers to.
   * @throws PrecopyError `BAD_DESIGN` if two of them share a name
   */
  use<const P extends readonly Implementations[]>(
    ...parts: P
  ): MachineBuilder<{
    event: (keyof E & string) | (keyof T['messages'] & string);
    action: ActionOf<P[number]>;
    guard: GuardOf<P[number]>;
    tag: T['tag'];
  }>;
  /** Adds all actions and guards of an actor that has one machine: `use(implement(...))`. */
  setup<const A extends string, const G extends string = never>(implementations: {
    readonly actions: Readonly<Record<A, (args: Args<T, R, E>) => void>>;
    readonly guards?: Readonly<Record<G, (args: Args<T, R, E>) => boolean>>;
  }): MachineBuilder<{
    event: (keyof E & string) | (keyof T['messages'] & string);
    action: A;
    guard: G;
    tag: T['tag'];
  }>;
}

/** A defined system: builds its actors and properties. */
export class System<T extends SystemTypes = SystemTypes> {
  constructor(readonly spec: SystemSpec<T>) {}

  /** Builders of properties that know the memory and tags of this system. */
  readonly properties: Properties<T> = properties as unknown as Properties<T>;

  /**
   * Declares an actor by its spontaneous events and registers. Add its actions and guards with `setup`, its statechart
   * with `createMachine`.
   * @throws PrecopyError `BAD_DESIGN` for an unknown key, and for a name that is taken
   * @example
   * const vcpu = system.actor({ events: { WRITE: { field: 'gfn', size: ({ pages }) => pages } } });
   */
  actor<
    const E extends Readonly<Record<string, SpontaneousEvent<ParamValues<T['params']>>>>,
    R extends Readonly<Record<string, CellSpec>> = None,
  >(definition: {
    readonly events: E;
    readonly registers?: (params: ParamValues<T['params']>) => R;
  }): ActorBuilder<T, R, E> {
    const { events, registers = () => ({}) } = definition;
    validateActor(definition);
    const builder = (implementations: Pick<Implementations, 'actions' | 'guards'>) => ({
      // biome-ignore lint/suspicious/noExplicitAny: the typed builder has checked the configuration
      createMachine: (config: any) => {
        const actor = { system: this.spec, events, registers, ...implementations } as ActorDefinition;
        validateMachine(config, actor);
        return new Machine(actor, copyOf(config));
      },
    });
    return {
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
}

/**
 * The types of a system. An interface that extends them is a short name for them in error messages and declarations.
 * @example
 * interface Counting extends TypesOf<typeof system> {}
 * export const counting: System<Counting> = system;
 */
export type TypesOf<S> = S extends System<infer T> ? T : never;

/**
 * Defines a system: what all its machines share. Params, messages and tags that it does not have can be omitted.
 * @throws PrecopyError `BAD_DESIGN` for an unknown key, and for a name that is taken
 * @example
 * const system = defineSystem({
 *   name: 'counter',
 *   memory: () => ({ shared: shared({ n: counter(3) }) }),
 *   actors: { worker: ({ workers }) => workers },
 *   params: { workers: { default: 2, min: 1, max: 4, description: 'actors that count' } },
 * });
 */
export function defineSystem<
  R extends Regions,
  const A extends Roles<ParamValues<P>>,
  const P extends ParamSpecs = None,
  const M extends Messages = None,
  const Tag extends string = never,
>(spec: {
  readonly name: string;
  readonly params?: P;
  readonly memory: (params: ParamValues<P>) => R;
  readonly messages?: M;
  readonly actors: A;
  readonly tags?: readonly Tag[];
  readonly symmetry?: SymmetrySpec<P>;
}): System<{ params: P; regions: R; messages: M; roles: A; tag: Tag }> {
  const { params = {} as P, messages = {} as M, tags = [] } = spec;
  const complete = { ...spec, params, messages, tags };
  validateSystem(complete as unknown as SystemSpec<SystemTypes>);
  return new System(complete);
}
