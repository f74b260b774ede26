import type {
  GuardSpecification,
  MachineSpecification,
  StateSpecification,
  TransitionSpecification,
} from '../reference/specification.ts';
import type { Dice } from './random.ts';
import { withoutLostStates } from './ways-in.ts';

/** What the statechart of a machine may name. */
export interface ChartVocabulary {
  readonly dice: Dice;
  /** its spontaneous events */
  readonly own: readonly string[];
  /** messages that it takes */
  readonly received: readonly string[];
  /** actions that may send rendezvous messages, for the transitions of its own events */
  readonly actions: readonly string[];
  /** actions without such messages, for all others */
  readonly quiet: readonly string[];
  readonly guards: readonly string[];
  readonly tags: readonly string[];
  /** most levels of states */
  readonly levels: number;
  /** most states of a level */
  readonly width: number;
  /** share of states with a transition for each message, in percent */
  readonly receptiveness: number;
  /** share of eventless transitions, in percent */
  readonly eventless: number;
  /** share of transitions that may access shared memory more than once, in percent */
  readonly coarseness: number;
  /** whether runs end: each transition leads to a state further down */
  readonly acyclic: boolean;
}

/** A state before its transitions are drawn. */
interface Place {
  readonly path: string;
  readonly parent: Place | undefined;
  readonly children: Place[];
  readonly isFinal: boolean;
}

type Chart = Pick<MachineSpecification, 'initial' | 'states'>;

/** Draws a statechart that the compiler supports. */
export function anyChart(vocabulary: ChartVocabulary): Chart {
  const { dice, levels, width } = vocabulary;
  let count = 0;
  const place = (parent: Place | undefined, level: number): Place => {
    const path = `${parent ? `${parent.path}.` : ''}s${count++}`;
    const one: Place = { path, parent, children: [], isFinal: level === levels && count > 1 && dice.chance(8) };
    if (level < levels && dice.chance(50))
      one.children.push(...dice.times(dice.between(1, width), () => place(one, level + 1)));
    return one;
  };
  const top = dice.times(dice.between(1, width), () => place(undefined, 1));
  return withoutLostStates(new ChartBuilder(vocabulary, top).build());
}

class ChartBuilder {
  private readonly all: Place[] = [];
  private readonly initial: ReadonlyMap<Place | undefined, Place>;

  constructor(
    private readonly vocabulary: ChartVocabulary,
    private readonly top: readonly Place[],
  ) {
    const initial = new Map<Place | undefined, Place>();
    const walk = (parent: Place | undefined, places: readonly Place[]): void => {
      const open = places.filter(({ isFinal }) => !isFinal);
      initial.set(parent, vocabulary.dice.pick(open.length > 0 ? open : places));
      for (const one of places) {
        this.all.push(one);
        if (one.children.length > 0) walk(one, one.children);
      }
    };
    walk(undefined, top);
    this.initial = initial;
  }

  build(): Chart {
    const states = (places: readonly Place[]): Chart['states'] =>
      Object.fromEntries(places.map((one) => [one.path.split('.').at(-1), this.state(one, states)]));
    return { initial: this.nameOf(this.initial.get(undefined)), states: states(this.top) };
  }

  private nameOf = (place: Place | undefined): string => place?.path.split('.').at(-1) ?? '';

  private state(place: Place, statesOf: (places: readonly Place[]) => Chart['states']): StateSpecification {
    const { dice, own, received, quiet, tags, receptiveness, eventless } = this.vocabulary;
    const some = (percent: number): string[] => (quiet.length > 0 && dice.chance(percent) ? [dice.pick(quiet)] : []);
    const tagged = tags.filter(() => dice.chance(35));
    if (place.isFinal) return { final: true, tags: tagged, entry: some(20), exit: [], on: {}, always: [] };
    const isOutermost = place.parent === undefined;
    const on: Record<string, TransitionSpecification[]> = {};
    for (const event of own)
      if (dice.chance(isOutermost || place.children.length === 0 ? 80 : 30))
        on[event] = this.candidates(place, event, true);
    for (const event of received) {
      if (dice.chance(isOutermost ? receptiveness : 30)) on[event] = this.candidates(place, event, false);
    }
    const { children } = place;
    return {
      tags: tagged,
      entry: some(15),
      exit: some(15),
      on,
      always: this.mayHaveAlways(place) && dice.chance(eventless) ? this.eventless(place) : [],
      ...(children.length > 0 && { initial: this.nameOf(this.initial.get(place)), states: statesOf(children) }),
    };
  }

  /** Draws the transitions of a state for an event. The last one for a message has no guard, as a rule. */
  private candidates(source: Place, event: string, isOwn: boolean): TransitionSpecification[] {
    const { dice, acyclic } = this.vocabulary;
    const list = dice.times(dice.chance(25) ? 2 : 1, () => this.transition(source, isOwn));
    const last = list.at(-1) as TransitionSpecification;
    if (isOwn || dice.chance(10) || last.guard === undefined) return list;
    const { guard: _, ...unguarded } = last;
    return acyclic && event === '' ? list : [...list.slice(0, -1), unguarded];
  }

  private transition(source: Place, isOwn: boolean): TransitionSpecification {
    const { dice, actions, quiet, guards, acyclic } = this.vocabulary;
    const later = this.all.slice(this.all.indexOf(source) + 1).filter((one) => !isAround(source, one));
    const targets = acyclic ? later : this.all;
    const hasTarget = targets.length > 0 && dice.chance(acyclic && isOwn ? 100 : 65);
    const pool = isOwn ? [...actions, ...quiet] : quiet;
    const chosen = pool.length === 0 ? [] : dice.times(dice.pick([0, 1, 1, 1, 2]), () => dice.pick(pool));
    const needed = !hasTarget && chosen.length === 0 && quiet.length > 0 ? [dice.pick(quiet)] : chosen;
    const target = hasTarget || needed.length === 0 ? dice.pick(targets.length > 0 ? targets : this.all) : undefined;
    return {
      ...(target && { target: target.path }),
      ...(guards.length > 0 && dice.chance(acyclic && !hasTarget && isOwn ? 100 : 45) && { guard: this.guard(2) }),
      actions: needed,
      ...(!acyclic && dice.chance(15) && { reenter: true as const }),
      ...(dice.chance(this.vocabulary.coarseness) && { coarse: true as const }),
    };
  }

  private guard(depth: number): GuardSpecification {
    const { dice, guards } = this.vocabulary;
    const name = (): GuardSpecification => dice.pick(guards);
    if (depth === 0) return name();
    return dice.weighted<GuardSpecification>(
      [6, name],
      [1, () => ({ and: dice.times(2, () => this.guard(depth - 1)) })],
      [1, () => ({ or: dice.times(2, () => this.guard(depth - 1)) })],
      [2, () => ({ not: this.guard(depth - 1) })],
    );
  }

  private eventless(source: Place): TransitionSpecification[] {
    const { dice, guards, quiet, acyclic } = this.vocabulary;
    const start = acyclic ? this.all.indexOf(source) + 1 : 0;
    const targets = this.all.slice(start).filter((one) => !isAround(source, one) && !isAround(one, source));
    if (targets.length === 0) return [];
    return dice.times(dice.between(1, 2), () => ({
      target: dice.pick(targets).path,
      ...(guards.length > 0 && dice.chance(85) && { guard: this.guard(1) }),
      actions: quiet.length > 0 && dice.chance(40) ? [dice.pick(quiet)] : [],
      ...(dice.chance(this.vocabulary.coarseness) && { coarse: true as const }),
    }));
  }

  /** The compiler takes no eventless transitions where a machine starts, and none around final states. */
  private mayHaveAlways(place: Place): boolean {
    for (let one = this.initial.get(undefined); one; one = this.initial.get(one)) if (one === place) return false;
    return !this.all.some(({ isFinal, ...one }) => isFinal && isAround(place, one as Place));
  }
}

const isAround = (outer: Place, inner: Place): boolean =>
  outer.path === inner.path || inner.path.startsWith(`${outer.path}.`);
