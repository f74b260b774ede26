import type { CellSpec } from './declare.ts';
import { PrecopyError } from './errors.ts';
import type { Messages } from './messages.ts';

/** The implementation of an action or a guard: a function of `{ context, event }`. */
// biome-ignore lint/suspicious/noExplicitAny: the arguments differ by actor; the typed builders check them
export type Implementation = (args: any) => any;

/** A spontaneous event of an actor: the name of its payload, and the size of its domain. */
// biome-ignore lint/suspicious/noExplicitAny: the params differ by system
export interface SpontaneousEvent<P = any> {
  readonly field?: string;
  readonly size?: (params: P) => number;
  /** not subject to fairness: a guest may stop writing */
  readonly optional?: boolean;
}

/** The parts of an actor besides its statechart. */
export interface ActorDefinition {
  /** the names that its system declares */
  readonly system: { readonly messages: Messages; readonly tags: readonly string[] };
  // biome-ignore lint/suspicious/noExplicitAny: the params differ by system
  readonly registers: (params: any) => Readonly<Record<string, CellSpec>>;
  readonly events: Readonly<Record<string, SpontaneousEvent>>;
  readonly actions: Readonly<Record<string, Implementation>>;
  readonly guards: Readonly<Record<string, Implementation>>;
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
