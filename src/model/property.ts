import type { ActorIds, MemoryOf, ParamValues, SystemTypes } from './system-types.ts';

/** Which actors are in a state that carries a tag. */
export interface TagTest {
  /** whether actor number `actor` is in such a state */
  of(actor: number): boolean;
  /** how many actors are */
  count(): number;
}

/** Where messages of one posted type wait. */
interface MailTest {
  /** whether one waits for actor number `actor`, from whomever */
  waitsFor(actor: number): boolean;
}

/**
 * A state as a property sees it: all memory, the tags of the states that the actors are in, and the messages that wait.
 */
export type View<T extends SystemTypes> = MemoryOf<T['regions']> & {
  readonly is: { readonly [K in T['tag']]: TagTest };
  /** by the type of message; a rendezvous never waits */
  readonly posted: { readonly [K in keyof T['messages']]: MailTest };
  readonly actors: ActorIds<T['roles']>;
  readonly params: ParamValues<T['params']>;
  /** whether memory is as all actors see it: under TSO, no store waits in a store buffer */
  readonly storesAreDrained: () => boolean;
};

/** The step that led to a state, as a cover sees it. */
export interface Step {
  /** -1 for the initial state, which no step leads to */
  readonly actor: number;
  /** the actions that the actor ran, in order */
  readonly actions: readonly string[];
  /** the choice out of the domain of the event: the page of a `WRITE`; 0 where there is none */
  readonly payload: number;
}

interface PropertyBase {
  readonly id: string;
  /** what it says, in one sentence */
  readonly description: string;
  /** the sizes at which it is asked: all, unless told */
  readonly where?: (params: never) => boolean;
}

/** A choice that a run takes in the end if it could take it again and again: strong fairness, as TLA+'s SF. */
interface StrongPremise<V> {
  /** the type of the event, by whichever actor */
  readonly event: string;
  /** only where this holds; everywhere unless told */
  readonly when?: (view: V) => boolean;
}

/** Which runs a `leadsTo` speaks of, among those that are weakly fair. */
interface Premises<V> {
  /** types of events that happen only finitely often: `WRITE`, where the guest stops writing at some time */
  readonly finitely?: readonly string[];
  readonly strongly?: readonly StrongPremise<V>[];
}

/**
 * After every state in which `from` holds, that one included, a state comes in which `to` holds: once for each of
 * `actors`.
 */
export interface LeadsTo extends PropertyBase, Premises<never> {
  readonly kind: 'leads-to';
  /** the actors that it is said of, one at a time; -1 alone where it is said of the system as a whole */
  readonly actors: (numbers: never) => readonly number[];
  readonly from: (view: never, actor: number) => boolean;
  readonly to: (view: never, actor: number) => boolean;
}

/**
 * `invariant`: has to hold in every state. `cover`: has to happen somewhere, or the run proved less than it seems.
 * `leads-to`: what has to come in the end, in every fair run.
 */
export type Property =
  // biome-ignore lint/suspicious/noExplicitAny: the view differs by system
  | (PropertyBase & { readonly kind: 'invariant'; readonly holds: (view: any) => boolean })
  // biome-ignore lint/suspicious/noExplicitAny: the view differs by system
  | (PropertyBase & { readonly kind: 'cover'; readonly isHit: (view: any, step: Step) => boolean })
  // biome-ignore lint/suspicious/noExplicitAny: the view differs by system
  | (PropertyBase & { readonly kind: 'deadlock'; readonly isValidEndState: (view: any) => boolean })
  | LeadsTo;

/** The property that every design has: no message where nobody expects it, and no cell out of its range. */
export const wellFormed = 'well-formed';

type PropertyHeader = { readonly id: string; readonly description: string };
/** A cover of something that only some sizes have, such as an actor that is optional, is asked for there. */
type Where<T extends SystemTypes> = { readonly where?: (params: ParamValues<T['params']>) => boolean };

/** Builders of properties whose predicates know the memory and tags of one system. */
export interface Properties<T extends SystemTypes> {
  /** Holds in every state. */
  always(told: PropertyHeader, holds: (view: View<T>) => boolean): Property;
  /** Holds in no state. */
  never(told: PropertyHeader, happens: (view: View<T>) => boolean): Property;
  /** Is seen at least once: in a state, or in the step that leads to it. */
  reachable(told: PropertyHeader & Where<T>, seen: (view: View<T>, step: Step) => boolean): Property;
  /** Some step is possible in every state but those where the system may stop: in none, unless told. */
  noDeadlock(told: PropertyHeader, isValidEndState?: (view: View<T>) => boolean): Property;
  /** Whenever `from` holds, `to` holds then or later, in every fair run that has the premises. */
  leadsTo(
    told: PropertyHeader & Premises<View<T>>,
    from: (view: View<T>) => boolean,
    to: (view: View<T>) => boolean,
  ): Property;
  /** The same for each of some actors: one that waits has to get what it waits for, and not just some of them. */
  leadsToForEach(
    told: PropertyHeader & Premises<View<T>>,
    actors: (numbers: ActorIds<T['roles']>) => readonly number[],
    from: (view: View<T>, actor: number) => boolean,
    to: (view: View<T>, actor: number) => boolean,
  ): Property;
}

export const properties: Properties<SystemTypes> = {
  always: (told, holds) => ({ ...told, kind: 'invariant', holds }),
  never: (told, happens) => ({ ...told, kind: 'invariant', holds: (view) => !happens(view) }),
  reachable: (told, isHit) => ({ ...told, kind: 'cover', isHit }),
  noDeadlock: (told, isValidEndState = () => false) => ({ ...told, kind: 'deadlock', isValidEndState }),
  leadsTo: (told, from, to) => ({ ...told, kind: 'leads-to', actors: () => [-1], from, to }),
  leadsToForEach: (told, actors, from, to) => ({ ...told, kind: 'leads-to', actors, from, to }),
};

/** The properties that are asked at some sizes. */
export const propertiesAt = (all: readonly Property[], params: Readonly<Record<string, number>>): readonly Property[] =>
  all.filter(({ where }) => where?.(params as never) ?? true);

/** Index of the first invariant that a state breaks, or -1. */
export function violatedInvariant(all: readonly Property[], view: unknown): number {
  for (let n = 0; n < all.length; n++) {
    const property = all[n];
    if (property.kind === 'invariant' && !property.holds(view)) return n;
  }
  return -1;
}

/** Whether it takes a step to show a cover. One that does not ask for the step sees it in states alone. */
export function isStepCover(property: Property): boolean {
  return property.kind === 'cover' && property.isHit.length > 1;
}

/** Whether a state in which nothing can happen is a proper end. */
export function isValidEndState(all: readonly Property[], view: unknown): boolean {
  return all.every((property) => property.kind !== 'deadlock' || property.isValidEndState(view));
}
