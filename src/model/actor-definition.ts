import type { CellSpec } from './declare.ts';
import { PrecopyError } from './errors.ts';
import type { Messages } from './messages.ts';
import type { SystemLineage } from './system-lineage.ts';

/** The implementation of an action or a guard: a function of `{ context, event }`. */
// biome-ignore lint/suspicious/noExplicitAny: the arguments differ by actor; the typed builders check them
export type Implementation = (args: any) => any;

/**
 * An event that an actor takes by itself, whenever a transition of its state allows it.
 * @example
 * events: { STEP: {}, WRITE: { field: 'gfn', size: ({ pages }) => pages, optional: true } }
 */
// biome-ignore lint/suspicious/noExplicitAny: the params differ by system
export interface SpontaneousEvent<P = any> {
  /** name of its payload: `event.gfn` */
  readonly field?: string;
  /** returns the number of payloads, which are 0 to `size - 1`: the search tries each */
  readonly size?: (params: P) => number;
  /** not subject to fairness: a guest may stop writing */
  readonly optional?: boolean;
}

/** What registers may depend on besides the params: the other actors of the design. */
export interface ActorCounts<M extends Messages = Messages> {
  /**
   * Returns the number of actors whose machine has a transition for a message: those that take `LOCK_GRANTED` may wait
   * for a lock.
   */
  actorsThatTake(message: keyof M & string): number;
}

/** Declares the registers of an actor. */
// biome-ignore lint/suspicious/noExplicitAny: the params and the messages differ by system
export type DeclareRegisters = (params: any, counts: ActorCounts<any>) => Readonly<Record<string, CellSpec>>;

/** A kind of actor: what all its machines share. */
export interface ActorKind {
  readonly system: SystemLineage;
  /** the kinds that it grew from, and itself last */
  readonly lineage: readonly ActorKind[];
  readonly registers: DeclareRegisters;
  readonly events: Readonly<Record<string, SpontaneousEvent>>;
}

/** The parts of an actor besides its statechart. */
export interface ActorDefinition extends ActorKind {
  readonly actions: Readonly<Record<string, Implementation>>;
  readonly guards: Readonly<Record<string, Implementation>>;
}

/**
 * A kind of actor, with the names that its machines may use. `names` exists for the type checker only.
 */
export interface ActorVocabulary<Names> {
  readonly kind: ActorKind;
  readonly names?: Names;
}

/**
 * Named actions and guards of one kind of actor, which its machines pick with `use`. `names` exists for the type
 * checker only.
 * @example
 * const tlbFlush = ioctl.implement({ actions: { startFlush: ({ context: { my } }) => my.toRequest.fill(true) } });
 */
export interface Implementations<A extends string = string, G extends string = string> {
  readonly actions: Readonly<Record<string, Implementation>>;
  readonly guards: Readonly<Record<string, Implementation>>;
  readonly names?: { readonly action: A; readonly guard: G };
}

/** The names of actions and guards that some implementations add to a vocabulary. */
export type ActionOf<P> = P extends Implementations<infer A, string> ? A : never;
export type GuardOf<P> = P extends Implementations<string, infer G> ? G : never;

/**
 * Returns all implementations as one.
 * @throws PrecopyError `BAD_DESIGN` if two of them give one name to different functions
 */
export function mergeImplementations(
  parts: readonly Pick<Implementations, 'actions' | 'guards'>[],
): Pick<Implementations, 'actions' | 'guards'> {
  const merge = (kind: 'actions' | 'guards'): Record<string, Implementation> => {
    const merged: Record<string, Implementation> = {};
    for (const [name, implementation] of parts.flatMap((part) => Object.entries(part[kind]))) {
      if ((merged[name] ?? implementation) !== implementation) {
        const cause = `two different ${kind} of one machine are named '${name}'`;
        throw new PrecopyError('BAD_DESIGN', cause, 'rename one of them, or replace it with `extend`');
      }
      merged[name] = implementation;
    }
    return merged;
  };
  return { actions: merge('actions'), guards: merge('guards') };
}
