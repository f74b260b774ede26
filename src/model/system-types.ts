import type { Region } from './access-recording.ts';
import type { Bit, Counter } from './counter.ts';
import type { CellSpec } from './declare.ts';
import type { Machine } from './machine.ts';
import type { Messages } from './messages.ts';

/** A parameter of a model: `precopy check --pages 3`. */
export interface ParamSpec {
  readonly default: number;
  /** minimum */
  readonly min: number;
  /** maximum */
  readonly max: number;
  /** a phrase for help and errors */
  readonly description: string;
  /** used by few designs: displayed only if it differs from the value of the design */
  readonly special?: boolean;
}

/**
 * The parameters of a system, by name.
 * @example
 * const params = { pages: { default: 2, min: 1, max: 8, description: 'pages of guest memory' } } satisfies ParamSpecs;
 */
export type ParamSpecs = Readonly<Record<string, ParamSpec>>;

/**
 * The values of the parameters of a system.
 * @example
 * type Values = ParamValues<typeof params>; // { readonly pages: number }
 */
export type ParamValues<P extends ParamSpecs> = { readonly [K in keyof P]: number };

/** Declared cells by name. A list declares several of a kind, accessed by index: `cpu.tlb(1)`. */
export type CellSpecs = Readonly<Record<string, CellSpec | readonly CellSpec[]>>;

/** A named part of memory. */
export interface RegionSpec<C extends CellSpecs = CellSpecs> {
  /** what may access it: `shared`, `owned` or `ghost` */
  readonly region: Exclude<Region, 'register'>;
  /** cells by name, and lists of cells */
  readonly cells: C;
}

type CellOf<T> = T extends CellSpec<infer C> ? C : never;
type CellsOf<C extends CellSpecs> = {
  readonly [K in keyof C]: C[K] extends readonly CellSpec[] ? (n: number) => CellOf<C[K][number]> : CellOf<C[K]>;
};
export type Regions = Readonly<Record<string, RegionSpec>>;

/** The cells of all regions, by region and name. */
export type MemoryOf<R extends Regions> = { readonly [K in keyof R]: CellsOf<R[K]['cells']> };

/** The registers of an actor: numbers and truth values are plain properties, everything else is its cell. */
export type RegistersOf<R extends Readonly<Record<string, CellSpec>>> = {
  [K in keyof R]: CellOf<R[K]> extends Counter ? number : CellOf<R[K]> extends Bit ? boolean : CellOf<R[K]>;
};

/**
 * The number of actors of a role: one, a function of the params, or an optional role.
 * @example
 * actors: { mmuLock: 'one', vcpu: ({ vcpus }) => vcpus, balloon: { some: ({ hints }) => hints } }
 */
export type RoleSpec<P> = 'one' | ((params: P) => number) | OptionalRole<P> | SecondRole<P>;
/** A role for which only some designs have a machine. In the others it has no actors. */
export interface OptionalRole<P> {
  /** returns the number of actors in a design that has a machine for the role */
  readonly some: (params: P) => number;
}
/** A second role with the machine of another role. */
export interface SecondRole<P> extends OptionalRole<P> {
  /** the other role */
  readonly machineOf: string;
}
// biome-ignore lint/suspicious/noExplicitAny: the params differ by system
export type Roles<P = any> = Readonly<Record<string, RoleSpec<P>>>;
type Needed<K, S> = S extends OptionalRole<never> ? never : K;
type Optional<K, S> = S extends SecondRole<never> ? never : S extends OptionalRole<never> ? K : never;

/** The machines of a design, by role. */
export type MachinesOf<A extends Roles> = { readonly [K in keyof A as Needed<K, A[K]>]: Machine } & {
  readonly [K in keyof A as Optional<K, A[K]>]?: Machine;
};

/** The ids of the actors by role: a number for a role of one actor, else a list. `nobody` is the id of no actor. */
export type ActorIds<A extends Roles> = {
  readonly [K in keyof A]: A[K] extends 'one' ? number : readonly number[];
} & { readonly nobody: number };

/** The types of a system, as one type parameter. */
export interface SystemTypes {
  readonly params: ParamSpecs;
  readonly regions: Regions;
  readonly messages: Messages;
  readonly roles: Roles;
  readonly tag: string;
}

/**
 * The types of a system with those of an extension.
 * @example
 * interface WithVhost extends TypesOf<typeof withVhost> {}
 */
export interface Extended<T extends SystemTypes, X extends SystemTypes> {
  readonly params: T['params'] & X['params'];
  readonly regions: T['regions'] & X['regions'];
  readonly messages: T['messages'] & X['messages'];
  readonly roles: T['roles'] & X['roles'];
  readonly tag: T['tag'] | X['tag'];
}
