import type { Machine } from './machine.ts';
import { refuseAnswer } from './model-code.ts';
import type { ActorIds, MemoryOf, ParamValues, SystemTypes } from './system-types.ts';

/** A test of which actors are in a state with a tag. */
export interface TagTest {
  /** Returns whether an actor is in such a state. */
  of(actor: number): boolean;
  /** Returns the number of actors in such states. */
  count(): number;
}

// biome-ignore lint/suspicious/noExplicitAny: the registers of any machine, and which states a machine has
type Any = any;
/** The registers of a machine; of any machine, registers of any type. */
type RegistersIn<M> =
  M extends Machine<infer V, Any, Any>
    ? V['args'] extends { readonly context: { readonly my: infer R } }
      ? unknown extends R
        ? Any
        : Readonly<R>
      : never
    : never;

/** A test of pending messages of one posted type. */
export interface MailTest {
  /** Returns whether a message to an actor is pending. */
  waitsFor(actor: number): boolean;
}

/**
 * A state as properties see it: all memory regions by name, tests of tags, states and pending messages, registers,
 * actor ids and params.
 * @example
 * const isExclusive = ({ is }: View<Types>): boolean => is.inside.count() <= 1;
 */
export type View<T extends SystemTypes> = MemoryOf<T['regions']> & {
  /** by tag: which actors are in a state with the tag */
  readonly is: { readonly [K in T['tag']]: TagTest };
  /** by type of posted message; a rendezvous message is never pending, and refused */
  readonly posted: { readonly [K in keyof T['messages']]: MailTest };
  /** ids of the actors by role */
  readonly actors: ActorIds<T['roles']>;
  /** values of the params */
  readonly params: ParamValues<T['params']>;
  /**
   * returns whether an actor is in a state of its machine, or in a state inside that: `inState(id, 'host.lockMmu')`; a
   * state that the machine does not have is refused
   */
  readonly inState: (actor: number, state: string) => boolean;
  /**
   * returns the registers of an actor, to be read: `registers(id).word`; they have types if the machine is given:
   * `registers<typeof handler>(id)`
   */
  readonly registers: <M extends Machine = Machine>(actor: number) => RegistersIn<M>;
  /** returns whether all store buffers are empty, so that all actors see the same memory */
  readonly storesAreDrained: () => boolean;
};

/**
 * A step as covers see it.
 * @example
 * const isWriteTo0 = (_: unknown, { actions, payload }: Step): boolean => actions.includes('write') && payload === 0;
 */
export interface Step {
  /** id of the actor that took the event; -1 in the initial state */
  readonly actor: number;
  /** names of the actions of the actor, in order */
  readonly actions: readonly string[];
  /** payload of the event: the page of a `WRITE`; 0 if it has none */
  readonly payload: number;
}

/**
 * The numbers that an invariant is stated for, one at a time: the pages, for example.
 * @example
 * const eachPage: Each<{ pages: number }> = { field: 'gfn', size: ({ pages }) => pages };
 */
export interface Each<P> {
  /** name of the number in messages */
  readonly field: string;
  /** how many numbers there are, from 0 on */
  readonly size: (params: P) => number;
}

/** An invariant that is the conjunction of one statement for each number. */
interface EachHolds extends Each<never> {
  // biome-ignore lint/suspicious/noExplicitAny: the view differs by system
  readonly holds: (view: any, index: number) => boolean;
}

interface PropertyBase {
  readonly id: string;
  /** the statement, in one sentence */
  readonly description: string;
  /** returns whether the property applies at these params; it applies at all by default */
  readonly where?: (params: never) => boolean;
}

/** A choice with strong fairness (SF of TLA+): a run that enables it infinitely often takes it infinitely often. */
export interface StrongPremise<V> {
  /** type of the event, of any actor */
  readonly event: string;
  /** restricts the premise to states in which this holds */
  readonly when?: (view: V) => boolean;
}

/** Premises of a `leadsTo` property: it is checked on the weakly fair runs that satisfy them. */
export interface Premises<V> {
  /** types of events that happen only finitely often: `WRITE` if the guest stops writing eventually */
  readonly finitely?: readonly string[];
  /** choices with strong fairness */
  readonly strongly?: readonly StrongPremise<V>[];
}

/** A response property: every state in which `from` holds is followed by a state in which `to` holds, or is one. */
export interface LeadsTo extends PropertyBase, Premises<never> {
  readonly kind: 'leads-to';
  /** ids of the actors that the property is checked for, one at a time; -1 alone for the system as a whole */
  readonly actors: (ids: never) => readonly number[];
  readonly from: (view: never, actor: number) => boolean;
  readonly to: (view: never, actor: number) => boolean;
}

/** A property that some state, or the step to it, hits. */
interface Cover extends PropertyBase {
  readonly kind: 'cover';
  // biome-ignore lint/suspicious/noExplicitAny: the view differs by system
  readonly isHit: (view: any, step: Step) => boolean;
  /** a run is sought that hits it: the search ends there, as at a violation */
  readonly isGoal?: true;
}

/**
 * A property. An `invariant` holds in every state. A `cover` is hit in some state or step, else a verdict is vacuous.
 * `deadlock` forbids states without a successor. `leads-to` is a liveness property of all fair runs.
 * @example
 * const exclusive: Property = system.properties.never(
 *   { id: 'exclusive', description: 'two processes are not inside together' },
 *   ({ is }) => is.inside.count() === 2,
 * );
 */
export type Property =
  // biome-ignore lint/suspicious/noExplicitAny: the view differs by system
  | (PropertyBase & { readonly kind: 'invariant'; readonly holds: (view: any) => boolean; readonly each?: EachHolds })
  | Cover
  // biome-ignore lint/suspicious/noExplicitAny: the view differs by system
  | (PropertyBase & { readonly kind: 'deadlock'; readonly isValidEndState: (view: any) => boolean })
  | LeadsTo;

/** The id of the property that every design has: messages are taken, cells stay in range, accesses keep the rules. */
export const wellFormed = 'well-formed';

/**
 * The name of a property, and its statement in words.
 * @example
 * const header: PropertyHeader = { id: 'exclusive', description: 'at most one process is inside' };
 */
export interface PropertyHeader {
  readonly id: string;
  readonly description: string;
}
/** Restricts a cover to params at which it is reachable, e.g. those with an optional actor. */
type Where<T extends SystemTypes> = { readonly where?: (params: ParamValues<T['params']>) => boolean };

/** States an invariant for each number. */
type OfEach<T extends SystemTypes> = { readonly each: Each<ParamValues<T['params']>> };

/**
 * Builders of properties whose predicates know the memory and tags of one system.
 * @example
 * const { never }: Properties<Counting> = system.properties;
 */
export interface Properties<T extends SystemTypes> {
  /** Declares that `holds` is true in every state. */
  always(header: PropertyHeader, holds: (view: View<T>) => boolean): Property;
  /**
   * Declares that `holds` is true in every state for each number: `each: { field: 'gfn', size: ({ pages }) => pages }`.
   * A symbolic search decides one number after the other, a violation names the first one that is false.
   */
  always(header: PropertyHeader & OfEach<T>, holds: (view: View<T>, index: number) => boolean): Property;
  /** Declares that `happens` is true in no state. */
  never(header: PropertyHeader, happens: (view: View<T>) => boolean): Property;
  /** Declares that some state, or the step to it, hits the cover. */
  reachable(header: PropertyHeader & Where<T>, isHit: (view: View<T>, step: Step) => boolean): Property;
  /** Declares that every state has a successor, except valid end states. */
  noDeadlock(header: PropertyHeader, isValidEndState?: (view: View<T>) => boolean): Property;
  /** Declares that, whenever `from` holds, `to` holds then or later, in every fair run that satisfies the premises. */
  leadsTo(
    header: PropertyHeader & Premises<View<T>>,
    from: (view: View<T>) => boolean,
    to: (view: View<T>) => boolean,
  ): Property;
  /** Declares `leadsTo` for each of some actors: every one gets what it waits for, not only some of them. */
  leadsToForEach(
    header: PropertyHeader & Premises<View<T>>,
    actors: (ids: ActorIds<T['roles']>) => readonly number[],
    from: (view: View<T>, actor: number) => boolean,
    to: (view: View<T>, actor: number) => boolean,
  ): Property;
}

export const properties: Properties<SystemTypes> = {
  always,
  never: (header, happens) => ({
    ...header,
    kind: 'invariant',
    // what is no function is refused with the design
    holds: typeof happens === 'function' ? (view) => !answerOf(header, happens(view)) : happens,
  }),
  reachable: (header, isHit) => ({ ...header, kind: 'cover', isHit }),
  noDeadlock: (header, isValidEndState = () => false) => ({ ...header, kind: 'deadlock', isValidEndState }),
  leadsTo: (header, from, to) => ({ ...header, kind: 'leads-to', actors: () => [-1], from, to }),
  leadsToForEach: (header, actors, from, to) => ({ ...header, kind: 'leads-to', actors, from, to }),
};

function always(
  { each, ...header }: PropertyHeader & { readonly each?: Each<never> },
  holds: (view: View<SystemTypes>, index: number) => boolean,
): Property {
  if (each === undefined) return { ...header, kind: 'invariant', holds: holds as (view: unknown) => boolean };
  const ofEach: EachHolds = { ...each, holds };
  return { ...header, kind: 'invariant', each: ofEach, holds: (view) => firstFailing(ofEach, header, view) < 0 };
}

/** Returns the first number for which a statement is false, or -1. */
function firstFailing({ size, holds }: EachHolds, header: PropertyHeader, view: View<SystemTypes>): number {
  const count = size(view.params as never);
  for (let n = 0; n < count; n++) if (!answerOf(header, holds(view, n))) return n;
  return -1;
}

/**
 * Returns the number for which an invariant is false in a state, as a text such as `gfn=1`; undefined if it is stated
 * for no number, or holds.
 */
export function failingNumber(property: Property, view: unknown): string | undefined {
  if (property.kind !== 'invariant' || property.each === undefined) return undefined;
  const first = firstFailing(property.each, property, view as View<SystemTypes>);
  return first < 0 ? undefined : `${property.each.field}=${first}`;
}

/**
 * Returns an answer that is to be negated.
 * @throws PrecopyError `BAD_DESIGN` if it is neither true nor false
 */
function answerOf({ id }: PropertyHeader, answer: unknown): boolean {
  return answer === true || (answer !== false && refuseAnswer(answer, `the property '${id}'`));
}

/** Returns the index of the first invariant, from an index on, that a state violates, or -1. */
export function violatedInvariant(all: readonly Property[], view: unknown, from = 0): number {
  for (let n = from; n < all.length; n++) {
    const property = all[n];
    if (property.kind === 'invariant' && !property.holds(view)) return n;
  }
  return -1;
}

/** Returns the indices of the covers that end a search. */
export const goalsAmong = (all: readonly Property[]): number[] =>
  all.flatMap((property, n) => (property.kind === 'cover' && property.isGoal ? [n] : []));

/** Returns the index of the first property, from an index on, that a state without a successor violates, or -1. */
export function violatedByDeadlock(all: readonly Property[], view: unknown, from = 0): number {
  return all.findIndex((one, n) => n >= from && one.kind === 'deadlock' && !one.isValidEndState(view));
}
