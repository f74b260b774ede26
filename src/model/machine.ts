import { type AnyStateMachine, setup, and as xstateAnd, not as xstateNot, or as xstateOr } from 'xstate';
import {
  type ActionOf,
  type ActorDefinition,
  type ActorVocabulary,
  type GuardOf,
  type Implementations,
  mergeImplementations,
} from './actor-definition.ts';
import { checkedImplementations, checkInlineFunctions } from './checked-statechart.ts';
import { PrecopyError } from './errors.ts';
import { withGhosts } from './ghost-updates.ts';
import { type AnyConfig, copyOf } from './statechart-config.ts';
import { validatePatch } from './validate-machine.ts';
import { eventlessBound } from './xstate-internals.ts';

/** A guard: a name, or a combination of guards. */
export type GuardRef<G extends string> = G | GuardExpression<G>;
export interface GuardExpression<G extends string> {
  readonly guardNames: G;
}
type Combine = <const G extends string>(guards: readonly GuardRef<G>[]) => GuardExpression<G>;
/**
 * Combines guards: all of them hold.
 * @example
 * { guard: and(['isLocked', 'isOwner']), target: 'unlock' }
 */
export const and = xstateAnd as unknown as Combine;
/**
 * Combines guards: at least one of them holds.
 * @example
 * { guard: or(['isFree', 'isOwner']), target: 'lock' }
 */
export const or = xstateOr as unknown as Combine;
/**
 * Negates a guard.
 * @example
 * { guard: not('isLocked'), target: 'lock' }
 */
export const not = xstateNot as unknown as <const G extends string>(guard: GuardRef<G>) => GuardExpression<G>;

/** A transition of a statechart. */
export interface Transition<Target extends string, G extends string, A extends string> {
  /** the state that it leads to; without one, the actor stays where it is */
  readonly target?: Target;
  /** of several transitions for one event, the first whose guard holds is taken */
  readonly guard?: GuardRef<G>;
  readonly actions?: A | readonly A[];
  /** leaves and enters the state again if it leads to the state itself */
  readonly reenter?: boolean;
  readonly description?: string;
  /** the reason why it may access shared memory more than once in a step */
  readonly meta?: { readonly coarse: string };
}
type Transitions<Target extends string, G extends string, A extends string> =
  | Target
  | Transition<Target, G, A>
  | readonly Transition<Target, G, A>[];

/** A state: a position in the code of the kernel or of the guest, which `description` names. */
export interface StateNode<
  V extends Vocabulary,
  Target extends string,
  Children extends string = never,
  ChildTarget extends string = NoInfer<Children>,
> {
  /** the actor, or the state around it, ends here */
  readonly type?: 'final';
  /** the operation of the kernel */
  readonly description?: string;
  readonly tags?: readonly V['tag'][];
  /** actions when the state is entered */
  readonly entry?: V['action'] | readonly V['action'][];
  /** actions when the state is left */
  readonly exit?: V['action'] | readonly V['action'][];
  /** transitions by event or message */
  readonly on?: { readonly [E in V['event']]?: Transitions<Target, V['guard'], V['action']> };
  /** eventless transitions, taken at once within the step that enters the state */
  readonly always?: Transitions<Target, V['guard'], V['action']>;
  /** the child state that is entered with this state */
  readonly initial?: ChildTarget;
  readonly states?: Readonly<Partial<Record<Children, StateNode<V, ChildTarget | `#${string}.${Target}`>>>>;
}

/** The names that a statechart may use: any other name is a type error. */
export interface Vocabulary {
  readonly event: string;
  readonly action: string;
  readonly guard: string;
  readonly tag: string;
  /** the arguments of actions and guards */
  // biome-ignore lint/suspicious/noExplicitAny: they differ by actor
  readonly args: any;
}

/** A statechart with the states `S`, and `C` inside of them. */
export interface MachineConfig<V extends Vocabulary, S extends string, C extends string> {
  readonly id: string;
  readonly initial: NoInfer<S>;
  readonly description?: string;
  readonly states: Readonly<Record<S, StateNode<V, NoInfer<S | `${S}.${C}`>, C>>>;
}

/**
 * A patch of a machine: states replaced or added, actions and guards replaced, and `ghost` updates added to actions. A
 * replaced action needs a new update if it had one. Everything else stays.
 */
export interface MachinePatch<
  V extends Vocabulary,
  S extends string,
  N extends string,
  C extends string,
  D extends string,
> {
  readonly initial?: S | NoInfer<N>;
  readonly states?: Readonly<Record<N, StateNode<V, S | NoInfer<N | `${S | N}.${C | D}`>, D, C | NoInfer<D>>>>;
  readonly actions?: Readonly<Partial<Record<V['action'], (args: V['args']) => void>>>;
  readonly guards?: Readonly<Partial<Record<V['guard'], (args: V['args']) => boolean>>>;
  readonly ghost?: Readonly<Partial<Record<V['action'], (args: V['args']) => void>>>;
}

/** Maximum number of eventless transitions of an actor in one step. More of them count as an endless loop. */
export const maxEventlessTransitions = 1000;

/** A statechart of xstate, with the registers, actions and guards of its actor. */
export class Machine<V extends Vocabulary = Vocabulary, S extends string = string, C extends string = string> {
  private resolved: AnyStateMachine | undefined;
  private checked: AnyStateMachine | undefined;

  constructor(
    readonly definition: ActorDefinition,
    readonly config: AnyConfig,
  ) {}

  /**
   * The resolved xstate machine: the compiler reads it, the live runtime runs it, the pages draw it. It is resolved on
   * first use, since a command uses few of the machines that are loaded.
   * @throws Error of xstate, if a target does not exist
   * @internal
   */
  get statechart(): AnyStateMachine {
    this.resolved ??= resolve(this.definition, this.config);
    return this.resolved;
  }

  /**
   * The same machine for xstate to run. It checks what xstate does not: that guards answer true or false, and that
   * actions are done when they return.
   * @internal
   */
  get checkedStatechart(): AnyStateMachine {
    if (this.checked === undefined) {
      this.checked = resolve({ ...this.definition, ...checkedImplementations(this.id, this.definition) }, this.config);
      checkInlineFunctions(this.checked);
    }
    return this.checked;
  }

  get id(): string {
    return this.config['id'];
  }

  /**
   * Returns the machine with more actions and guards, for `extend` to refer to: those of a variant or of a mutant.
   * @throws PrecopyError `BAD_DESIGN` if the machine has another action or guard of one of these names
   */
  use<const P extends readonly Implementations[]>(
    ...parts: P
  ): Machine<
    {
      event: V['event'];
      action: V['action'] | ActionOf<P[number]>;
      guard: V['guard'] | GuardOf<P[number]>;
      tag: V['tag'];
      args: V['args'];
    },
    S,
    C
  > {
    return new Machine({ ...this.definition, ...mergeImplementations([this.definition, ...parts]) }, this.config);
  }

  /**
   * Returns the machine as one of an actor that extends its own, for `use` and `extend` to refer to the events,
   * messages and tags of that one.
   * @throws PrecopyError `BAD_DESIGN` if the machine is of another actor
   */
  as<W extends Pick<Vocabulary, 'event' | 'tag' | 'args'>>(
    actor: ActorVocabulary<W>,
  ): Machine<W & Pick<V, 'action' | 'guard'>, S, C> {
    const { kind } = actor;
    if (!this.definition.lineage.every((one) => kind.lineage.includes(one))) {
      const cause = `the machine '${this.id}' is not of an actor that this one extends`;
      throw new PrecopyError('BAD_DESIGN', cause, 'give `as` what `extendActor` returns for the actor of the machine');
    }
    const { actions, guards } = this.definition;
    return new Machine({ ...kind, actions, guards }, this.config);
  }

  /**
   * Returns the machine with some states, actions or guards replaced: a design varies a shared machine, a mutant
   * reintroduces a bug. A given state is merged with the state of that name key by key, its events one by one, and its
   * child states likewise. An action that has a ghost update is replaced together with that.
   * @throws PrecopyError `BAD_DESIGN` for a name that nothing has, for a new state without a way in, and for an action
   * that is replaced without its ghost update
   */
  extend<const N extends string, const D extends string = never>(
    patch: MachinePatch<V, S, N, C, D>,
  ): Machine<V, S | N, C | D> {
    const { actions, guards, ghost, initial, states } = patch;
    const { definition } = this;
    const config = {
      ...this.config,
      ...(initial && { initial }),
      states: mergeStates(this.config['states'], copyOf(states ?? {})),
    };
    validatePatch(patch, this.config, config, definition);
    return new Machine(
      {
        ...definition,
        actions: withGhosts({ ...definition.actions, ...actions } as ActorDefinition['actions'], ghost ?? {}),
        guards: { ...definition.guards, ...guards } as ActorDefinition['guards'],
      },
      config,
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
