import type { Slot } from '../model/memory.ts';
import { Commuting } from './commuting.ts';
import { type DecisionTrees, enoughWords } from './decision-trees.ts';
import type { Effect, Effects } from './effects.ts';
import { type EnabledEvents, type Place, valueIn } from './enabled.ts';
import { NeverShown } from './never-shown.ts';
import type { Predicates } from './predicates.ts';
import type { Renamed } from './renamed.ts';
import { Step, type StepOutcome } from './step.ts';
import type { Twin } from './twin.ts';

/** Events that an actor offers together: its own, or the deliveries of one mailbox. */
interface Group {
  /** what decides which they are */
  readonly slots: readonly Slot[];
  readonly choicesIn: (state: Int32Array) => readonly number[];
  root: number;
}

/**
 * Remembers what an actor can do as a whole: one walk through a decision tree tells all of its choices that no guard refuses, and the effect
 * of each.
 */
export class Successors {
  /** what can be taken, by number, in the order of `enabled`: as many as `look` said */
  readonly choices: Int32Array;
  /** by place, as `choices`: the number of the effect that it has */
  readonly effectOf: Int32Array;
  private readonly own: readonly Group[];
  private readonly posted: readonly (Group & { readonly pending: Place })[];
  /** by leaf of a tree: how many choices there are, and each with its effect */
  private lists = new Int32Array(1 << 12);
  private end = 0;
  private commuting: Commuting;
  private readonly neverShown: NeverShown;
  private renamed: Renamed | undefined;

  /** @param take takes a choice whose effect is known */
  constructor(
    private readonly state: Int32Array,
    readonly twin: Twin,
    private readonly enabled: EnabledEvents,
    private readonly trees: DecisionTrees,
    readonly effects: Effects,
    readonly predicates: Predicates,
    private readonly takeEffect: (effect: number) => StepOutcome,
  ) {
    const { numbers } = effects;
    const { events } = twin.program;
    this.choices = new Int32Array(numbers.count);
    this.effectOf = new Int32Array(numbers.count);
    this.commuting = new Commuting(effects);
    this.neverShown = new NeverShown(twin);
    const choicesOf = (ids: Iterable<number>): number[] =>
      [...ids].flatMap((id) =>
        Array.from({ length: events[id]?.domain ?? 0 }, (_, payload) => numbers.firstOf(id) + payload),
      );
    this.own = enabled.initiators.map(({ location, own }) => {
      const byLocation = own.map(choicesOf);
      return {
        slots: [location],
        root: trees.plant(),
        choicesIn: (here) => byLocation[valueIn(location, here)] as number[],
      };
    });
    this.posted = enabled.mailboxes.map(({ pending, location, accepts, deliveries }) => {
      const byBit = deliveries.map((id) => choicesOf([id]));
      return {
        slots: [pending, location],
        root: trees.plant(),
        choicesIn: (here) =>
          accepts[valueIn(location, here)]
            ? byBit.flatMap((choices, bit) => ((valueIn(pending, here) >>> bit) & 1 ? choices : []))
            : [],
        pending,
      };
    });
  }

  /** Looks at the current state; how much can be taken in it. */
  look(): number {
    const { own, posted, state } = this;
    let n = 0;
    for (let g = 0; g < own.length; g++) n = this.add(own[g] as Group, n);
    if (!this.enabled.someWait(state)) return n;
    for (let g = 0; g < posted.length; g++) {
      const box = posted[g] as (typeof posted)[0];
      if (valueIn(box.pending, state) !== 0) n = this.add(box, n);
    }
    return n;
  }

  /** Takes the nth; the state that was looked at has to be current. */
  take(n: number): StepOutcome {
    return this.takeEffect(this.effectOf[n] as number);
  }

  /** From now on states are taken for one another. */
  renameBy(renamed: Renamed): void {
    this.renamed = renamed;
    this.effects.renamed = renamed;
    this.predicates.renameBy(renamed);
    this.forget();
  }

  /** Index in `properties` of the first invariant that the current state breaks, which an effect led to from a state that breaks none, or -1. */
  violatedAfter(number: number): number {
    return this.predicates.violatedAfter(number, this.effects.all[number] as Effect);
  }

  /** Whether an effect may lead to a state that breaks an invariant, from one that breaks none. */
  mayViolate(number: number): boolean {
    return this.predicates.mayViolate(number, this.effects.all[number] as Effect);
  }

  /** Whether the nth and the mth can be taken one after the other in both orders, and lead to the same state; where it cannot tell, it says no. */
  commute(n: number, m: number, state: () => Int32Array): boolean {
    const { choices, effectOf } = this;
    return this.commuting.has(
      choices[n] as number,
      effectOf[n] as number,
      choices[m] as number,
      effectOf[m] as number,
      state,
    );
  }

  /** Whether the nth may show one of some covers that look at steps. */
  mayShow(n: number, covers: readonly number[]): boolean {
    const effect = this.effects.all[this.effectOf[n] as number] as Effect;
    return !this.neverShown.has(effect, covers, this.renamed);
  }

  private add(group: Group, first: number): number {
    const { choices, effectOf } = this;
    let at = this.trees.find(group.root, this.state);
    if (at < 0) at = this.learn(group);
    const { lists } = this;
    const count = lists[at++] as number;
    let n = first;
    for (const end = n + count; n < end; n++) {
      choices[n] = lists[at++] as number;
      effectOf[n] = lists[at++] as number;
    }
    return n;
  }

  private learn({ slots, choicesIn, root }: Group): number {
    const { effects, trees, state } = this;
    const read = new Map<number, Slot>();
    const note = (slot: Slot): void => {
      if (slot.width > 0 && !read.has(keyOf(slot))) read.set(keyOf(slot), slot);
    };
    slots.forEach(note);
    const list: number[] = [];
    for (const choice of choicesIn(state)) {
      const known = effects.find(choice, state);
      const number = known >= 0 ? known : effects.learn(choice, state);
      const effect = effects.all[number] as Effect;
      effect.fields.forEach(note);
      if (effect.outcome !== Step.refused) list.push(choice, number);
    }
    const at = this.end;
    this.end += 1 + list.length;
    if (this.end > this.lists.length) {
      const larger = new Int32Array(2 * this.end);
      larger.set(this.lists);
      this.lists = larger;
    }
    this.lists[at] = list.length / 2;
    this.lists.set(list, at + 1);
    trees.learn(root, [...read.values()], state, at);
    return at;
  }

  /** Forgets everything where that is much, and says so: what is needed is learned anew, with other numbers of effects. */
  tidy(): boolean {
    const isMuch = this.trees.words > enoughWords;
    if (isMuch) this.forget();
    return isMuch;
  }

  private forget(): void {
    const { trees, effects, own, posted } = this;
    trees.clear();
    effects.forget();
    this.predicates.forgetEffects();
    for (const group of [...own, ...posted]) group.root = trees.plant();
    this.end = 0;
    this.commuting = new Commuting(effects);
  }
}

const keyOf = ({ at, shift }: Slot): number => 32 * at + shift;
