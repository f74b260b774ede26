import { type AnyStateMachine, setup, and as xstateAnd, not as xstateNot, or as xstateOr } from 'xstate';
import type { CellSpec } from './declare.ts';
import { eventlessBound } from './xstate-internals.ts';

/** A guard by its name, or a combination of guards. */
export type GuardRef<G extends string> = G | GuardExpression<G>;
export interface GuardExpression<G extends string> {
  readonly guardNames: G;
}
type Combine = <const G extends string>(guards: readonly GuardRef<G>[]) => GuardExpression<G>;
/** Every guard holds. */
export const and = xstateAnd as unknown as Combine;
/** Some guard holds. */
export const or = xstateOr as unknown as Combine;
/** The guard does not hold. */
export const not = xstateNot as unknown as <const G extends string>(guard: GuardRef<G>) => GuardExpression<G>;

/** One way out of a state. `coarse` says why a transition may touch shared memory more than once in a step. */
interface Transition<Target extends string, G extends string, A extends string> {
  readonly target?: Target;
  readonly guard?: GuardRef<G>;
  readonly actions?: A | readonly A[];
  readonly reenter?: boolean;
  readonly description?: string;
  readonly meta?: { readonly coarse: string };
}
type Transitions<Target extends string, G extends string, A extends string> =
  | Target
  | Transition<Target, G, A>
  | readonly Transition<Target, G, A>[];

/** A state: where the code of the kernel or of the guest is. */
interface StateNode<
  V extends Vocabulary,
  Target extends string,
  Children extends string = never,
  ChildTarget extends string = NoInfer<Children>,
> {
  readonly type?: 'final';
  readonly description?: string;
  readonly tags?: readonly V['tag'][];
  readonly entry?: V['action'] | readonly V['action'][];
  readonly exit?: V['action'] | readonly V['action'][];
  readonly on?: { readonly [E in V['event']]?: Transitions<Target, V['guard'], V['action']> };
  readonly always?: Transitions<Target, V['guard'], V['action']>;
  readonly initial?: ChildTarget;
  readonly states?: Readonly<Record<Children, StateNode<V, ChildTarget | `#${string}.${Target}`>>>;
}

/** The names that a statechart may use: what is not in here does not compile. */
export interface Vocabulary {
  readonly event: string;
  readonly action: string;
  readonly guard: string;
  readonly tag: string;
}

/** A statechart: `S` are its states, `C` the states inside of them. */
export interface MachineConfig<V extends Vocabulary, S extends string, C extends string> {
  readonly id: string;
  readonly initial: NoInfer<S>;
  readonly description?: string;
  readonly states: Readonly<Record<S, StateNode<V, NoInfer<S | `${S}.${C}`>, C>>>;
}

/** What a machine may be changed into: states replaced or added, actions and guards replaced. Everything else stays. */
export interface MachinePatch<
  V extends Vocabulary,
  S extends string,
  N extends string,
  C extends string,
  D extends string,
> {
  readonly initial?: S | NoInfer<N>;
  readonly states?: Readonly<Record<N, StateNode<V, S | NoInfer<N | `${S | N}.${C | D}`>, D, C | NoInfer<D>>>>;
  readonly actions?: Readonly<Partial<Record<V['action'], Implementation>>>;
  readonly guards?: Readonly<Partial<Record<V['guard'], Implementation>>>;
}

/** A function of xstate's that gets `{ context, event }`. */
// biome-ignore lint/suspicious/noExplicitAny: the arguments differ by actor; the typed builders check them
export type Implementation = (args: any) => any;

/**
 * The event types that an actor offers by itself, each with the size of its domain and the name of the field that says
 * which.
 */
// biome-ignore lint/suspicious/noExplicitAny: the sizes differ by system
export interface SpontaneousEvent<P = any> {
  readonly field?: string;
  readonly size?: (params: P) => number;
  /**
   * nobody is obliged to it, however long it can be taken: a guest may stop writing. Fairness asks for all other
   * events.
   */
  readonly optional?: boolean;
}

/** What an actor is made of, beside its statechart. */
export interface ActorDefinition {
  // biome-ignore lint/suspicious/noExplicitAny: the sizes differ by system
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
 * @throws Error if two of them give one name to different functions
 */
export function mergeImplementations(
  parts: readonly Pick<Implementations, 'actions' | 'guards'>[],
): Pick<Implementations, 'actions' | 'guards'> {
  const merge = (kind: 'actions' | 'guards'): Record<string, Implementation> => {
    const merged: Record<string, Implementation> = {};
    for (const [name, implementation] of parts.flatMap((part) => Object.entries(part[kind]))) {
      if ((merged[name] ?? implementation) !== implementation) throw new Error(`${kind} has two different '${name}'`);
      merged[name] = implementation;
    }
    return merged;
  };
  return { actions: merge('actions'), guards: merge('guards') };
}

/** How many transitions may follow each other in one step of one actor before they count as endless. */
export const maxEventlessTransitions = 1000;

// biome-ignore lint/suspicious/noExplicitAny: the typed builders have checked the configuration
type AnyConfig = Record<string, any>;

/** An xstate statechart together with the registers, actions and guards of its actor. */
export class Machine<V extends Vocabulary = Vocabulary, S extends string = string, C extends string = string> {
  private resolved: AnyStateMachine | undefined;

  constructor(
    readonly definition: ActorDefinition,
    readonly config: AnyConfig,
  ) {}

  /**
   * The resolved xstate machine: the compiler reads it, the live runtime runs it, a visualizer draws it. It is resolved
   * when it is first asked for: a command is about few of the machines that are loaded.
   * @throws Error xstate's own, for targets that do not exist
   */
  get statechart(): AnyStateMachine {
    this.resolved ??= resolve(this.definition, this.config);
    return this.resolved;
  }

  get id(): string {
    return this.config['id'];
  }

  /**
   * Returns the machine with more actions and guards, for `extend` to refer to: those of a variant or of a mutant.
   * @throws Error if the machine has another action or guard of one of these names
   */
  use<const P extends readonly Implementations[]>(
    ...parts: P
  ): Machine<
    {
      event: V['event'];
      action: V['action'] | ActionOf<P[number]>;
      guard: V['guard'] | GuardOf<P[number]>;
      tag: V['tag'];
    },
    S,
    C
  > {
    return new Machine({ ...this.definition, ...mergeImplementations([this.definition, ...parts]) }, this.config);
  }

  /**
   * The machine with some of its states, actions or guards replaced: how a design varies a shared machine, and how a
   * mutant puts a bug back. A state that is given replaces the state of that name key by key, its events one by one,
   * and its child states likewise.
   */
  extend<const N extends string, const D extends string = never>(
    patch: MachinePatch<V, S, N, C, D>,
  ): Machine<V, S | N, C | D> {
    const { actions, guards, initial, states } = patch;
    return new Machine(
      {
        ...this.definition,
        actions: { ...this.definition.actions, ...actions } as ActorDefinition['actions'],
        guards: { ...this.definition.guards, ...guards } as ActorDefinition['guards'],
      },
      {
        ...this.config,
        ...(initial && { initial }),
        states: mergeStates(this.config['states'], states ?? {}),
      },
    );
  }
}

function resolve({ actions, guards }: ActorDefinition, config: AnyConfig): AnyStateMachine {
  return setup({ actions, guards }).createMachine({
    ...config,
    options: eventlessBound(maxEventlessTransitions),
    context: ({ input }: { input: unknown }) => input,
  } as never) as unknown as AnyStateMachine;
}

function mergeStates(base: AnyConfig, patch: AnyConfig): AnyConfig {
  const merged: AnyConfig = { ...base };
  for (const [name, node] of Object.entries(patch)) {
    const old: AnyConfig = base[name] ?? {};
    merged[name] = {
      ...old,
      ...node,
      ...(old['on'] && node.on && { on: { ...old['on'], ...node.on } }),
      ...(old['states'] && node.states && { states: mergeStates(old['states'], node.states) }),
    };
  }
  return merged;
}
