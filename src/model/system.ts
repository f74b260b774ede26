import { type ActorBuilder, actorBuilder, type RegisterSpecs } from './actor-builder.ts';
import type { ActorCounts, ActorKind, SpontaneousEvent } from './actor-definition.ts';
import { growActor } from './grow-actor.ts';
import type { Messages } from './messages.ts';
import { type Properties, properties } from './property.ts';
import type { SymmetrySpec } from './symmetry-spec.ts';
import { type Layer, mergeLayers } from './system-layers.ts';
import type { SystemSpec } from './system-spec.ts';
import type {
  CellSpecs,
  Extended,
  ParamSpecs,
  ParamValues,
  RegionSpec,
  Regions,
  Roles,
  SystemTypes,
} from './system-types.ts';
import { validateActor } from './validate-actor.ts';
import { validateExtension, validateSystem } from './validate-system.ts';

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

/** The type of a record without keys, inferred for what a system does not declare. */
type None = Readonly<Record<never, never>>;

/** A defined system: builds its actors and properties, and grows. */
export class System<T extends SystemTypes = SystemTypes> {
  /** @param layers the definition of the system, then those that it was extended with */
  constructor(
    readonly spec: SystemSpec<T>,
    readonly layers: readonly [Layer, ...Layer[]] = [spec as unknown as Layer],
  ) {}

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
    R extends RegisterSpecs = None,
  >(definition: {
    readonly events: E;
    readonly registers?: (params: ParamValues<T['params']>, counts: ActorCounts<T['messages']>) => R;
  }): ActorBuilder<T, R, E> {
    const { events, registers = () => ({}) } = definition;
    validateActor(definition);
    const lineage: ActorKind[] = [];
    const kind = { system: this, events, registers, lineage };
    lineage.push(kind);
    return actorBuilder(kind);
  }

  /**
   * Declares an actor of a system that this one extends, with more events and registers. Its actions and guards know
   * the memory and messages of this system. `machine.as` turns a machine of the former into one of the latter.
   * @throws PrecopyError `BAD_DESIGN` for an actor of another system, and for a name that is taken
   * @example
   * const thread = withVhost.extendActor(migrationThread, { events: { MERGE: {} } });
   * const mergeVhost = thread.implement({ actions: { merge: ({ context: { qemu, vhost } }) => ... } });
   * const migrationBesideVhost = migration.as(thread).use(mergeVhost).extend({ states: { ... } });
   */
  extendActor<
    R0 extends RegisterSpecs,
    E0,
    T0 extends SystemTypes,
    const E extends Readonly<Record<string, SpontaneousEvent<ParamValues<T['params']>>>> = None,
    R extends RegisterSpecs = None,
  >(
    actor: ActorBuilder<T0, R0, E0>,
    added: {
      readonly events?: E;
      readonly registers?: (params: ParamValues<T['params']>, counts: ActorCounts<T['messages']>) => R;
    } = {},
  ): ActorBuilder<T, R0 & R, E0 & E> {
    return actorBuilder(growActor(actor.kind, this, added));
  }

  /**
   * Returns this system with more params, memory regions, messages, roles, tags and symmetric cells. This system stays
   * as it is, and its machines run in the extended one, too. Cells without a number of actors are as wide as the
   * extended system.
   * @throws PrecopyError `BAD_DESIGN` for an unknown key, and for a name that is taken, with both owners
   * @example
   * const withVhost = kvm.extend({
   *   name: 'vhost',
   *   memory: ({ pages }) => ({ vhost: shared({ log: bitmap(pages) }) }),
   *   actors: { vhostWorker: 'one' },
   * });
   */
  extend<
    R extends Regions = None,
    const P extends ParamSpecs = None,
    const A extends Roles<ParamValues<T['params'] & P>> = None,
    const M extends Messages = None,
    const Tag extends string = never,
  >(extension: {
    readonly name: string;
    readonly params?: P;
    readonly memory?: (params: ParamValues<T['params'] & P>) => R;
    readonly messages?: M;
    readonly actors?: A;
    readonly tags?: readonly Tag[];
    readonly symmetry?: Partial<Omit<SymmetrySpec, 'role' | 'kindOf'>>;
  }): System<Extended<T, { params: P; regions: R; messages: M; roles: A; tag: Tag }>> {
    validateExtension(extension as Layer);
    return systemOf([...this.layers, { ...extension } as Layer]);
  }

  /**
   * Returns this system with all that another one has in addition: two extensions of one system together.
   * @throws PrecopyError `BAD_DESIGN` for a name that both declare, with both owners
   * @example
   * const withBoth = withFreePageHints.combine(withSecondCollector);
   */
  combine<U extends SystemTypes>(other: System<U>): System<Extended<T, U>> {
    return systemOf([...this.layers, ...other.layers.filter((layer) => !this.layers.includes(layer))]);
  }
}

function systemOf<T extends SystemTypes>(layers: readonly [Layer, ...Layer[]]): System<T> {
  const spec = mergeLayers(layers);
  validateSystem(spec);
  return new System(spec as unknown as SystemSpec<T>, layers);
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
