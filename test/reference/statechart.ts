import type {
  GuardSpecification,
  MachineSpecification,
  StateSpecification,
  TransitionSpecification,
} from './specification.ts';

/** Paths of states are lists of names, the root first: `[]`, `['a']`, `['a', 'b']`. */
type Path = readonly string[];

/** What a transition does: actions in order, and the leaf where it ends. */
export interface Move {
  readonly actions: readonly string[];
  readonly leaf: string;
  /** whether it may access shared memory more than once */
  readonly coarse: boolean;
}

type Candidate = TransitionSpecification & { readonly move: Move };

const isPrefix = (outer: Path, inner: Path): boolean => outer.every((name, n) => inner[n] === name);

/** The structure of a machine: the rules of SCXML for machines without parallel states and history. */
export class Statechart {
  readonly leaves: readonly string[];
  /** types of the events that some state has a transition for */
  readonly events: ReadonlySet<string>;
  private readonly tags = new Map<string, readonly string[]>();
  private readonly known = new Map<string, readonly Candidate[]>();

  constructor(private readonly machine: MachineSpecification) {
    const leaves: string[] = [];
    const events = new Set<string>();
    const walk = (path: Path, states: MachineSpecification['states']): void => {
      for (const [name, state] of Object.entries(states)) {
        const here = [...path, name];
        for (const event of Object.keys(state.on)) events.add(event);
        if (state.states) walk(here, state.states);
        else leaves.push(here.join('.'));
      }
    };
    walk([], machine.states);
    for (const leaf of leaves) {
      const path = leaf.split('.');
      this.tags.set(
        leaf,
        path.flatMap((_, n) => this.state(path.slice(0, n + 1)).tags),
      );
    }
    this.leaves = leaves;
    this.events = events;
  }

  /** Returns the leaf where the machine starts, and the entry actions until there. */
  start(): Move {
    const path = this.descend([this.machine.initial]);
    const actions = path.flatMap((_, n) => this.state(path.slice(0, n + 1)).entry);
    return { leaf: path.join('.'), actions, coarse: false };
  }

  tagsOf(leaf: string): readonly string[] {
    return this.tags.get(leaf) ?? [];
  }

  /** Returns whether a leaf or a state around it has a transition for an event. */
  hasTransition(leaf: string, event: string): boolean {
    return this.candidates(leaf, event).length > 0;
  }

  /**
   * Returns what an event does in a leaf: the first transition whose guard holds, of the innermost state that has one.
   * @param event '' for an eventless transition
   */
  react(leaf: string, event: string, holds: (guard: string) => boolean): Move | undefined {
    const candidates = this.candidates(leaf, event);
    return candidates.find(({ guard }) => guard === undefined || evaluateGuard(guard, holds))?.move;
  }

  /** @param event '' for eventless transitions */
  private candidates(leaf: string, event: string): readonly Candidate[] {
    const key = `${leaf} ${event}`;
    const known = this.known.get(key) ?? this.findCandidates(leaf, event);
    this.known.set(key, known);
    return known;
  }

  private findCandidates(leaf: string, event: string): Candidate[] {
    const path = leaf.split('.');
    // A machine whose outermost state is final is done.
    if (path.length === 1 && this.state(path).final) return [];
    return path.flatMap((_, n) => {
      const source = path.slice(0, path.length - n);
      const { on, always } = this.state(source);
      const transitions = event === '' ? always : (on[event] ?? []);
      return transitions.map((transition) => ({ ...transition, move: this.moveOf(leaf, source, transition) }));
    });
  }

  private moveOf(leaf: string, source: Path, transition: TransitionSpecification): Move {
    const { target, reenter, actions, coarse = false } = transition;
    if (target === undefined) return { actions, leaf, coarse };
    const from = leaf.split('.');
    const to = target.split('.');
    let domain = source;
    if (reenter || !isPrefix(source, to)) {
      // The innermost state properly around both.
      domain = source.slice(0, -1);
      while (!(isPrefix(domain, to) && domain.length < to.length)) domain = domain.slice(0, -1);
    }
    const end = this.descend(to);
    const exits = from.map((_, n) => from.slice(0, n + 1)).filter((path) => path.length > domain.length);
    const entries = end.map((_, n) => end.slice(0, n + 1)).filter((path) => path.length > domain.length);
    return {
      actions: [
        ...exits.reverse().flatMap((path) => this.state(path).exit),
        ...actions,
        ...entries.flatMap((path) => this.state(path).entry),
      ],
      leaf: end.join('.'),
      coarse,
    };
  }

  /** Returns the leaf in which one ends up who enters a state. */
  private descend(path: Path): Path {
    const { initial } = this.state(path);
    return initial === undefined ? path : this.descend([...path, initial]);
  }

  private state([first = '', ...rest]: Path): StateSpecification {
    let state = this.machine.states[first] as StateSpecification;
    for (const name of rest) state = state.states?.[name] as StateSpecification;
    return state;
  }
}

function evaluateGuard(guard: GuardSpecification, holds: (guard: string) => boolean): boolean {
  if (typeof guard === 'string') return holds(guard);
  if ('and' in guard) return guard.and.every((one) => evaluateGuard(one, holds));
  if ('or' in guard) return guard.or.some((one) => evaluateGuard(one, holds));
  return !evaluateGuard(guard.not, holds);
}
