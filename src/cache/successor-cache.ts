import { StepOutcome } from '../compile/step-outcome.ts';
import type { BitField } from '../model/state-layout.ts';
import { bitsOf } from './access-sets.ts';
import { type DecisionTrees, maxTreeWords } from './decision-trees.ts';
import type { EffectCache } from './effect-cache.ts';
import { type EnabledEvents, readField } from './enabled-events.ts';
import { copyInto } from './grow-array.ts';
import { IndependenceRelation } from './independence.ts';
import type { InstrumentedProgram } from './instrumented-program.ts';
import type { PropertyCache } from './property-cache.ts';
import { StepCoverFilter } from './step-cover-filter.ts';
import type { SymmetryGroup } from './symmetry-group.ts';

/** Events that an actor offers together: its own, or the deliveries of one mailbox. */
interface Group {
  /** what decides which they are */
  readonly slots: readonly BitField[];
  readonly choicesIn: (state: Int32Array) => readonly number[];
}

/**
 * Remembers what an actor can do as a whole: one walk through a decision tree tells all of its choices that no guard refuses, and the effect
 * of each.
 */
export class SuccessorCache {
  /** what can be taken, by number, in the order of `enabled`: as many as `look` said */
  readonly choices: Int32Array;
  /** by place, as `choices`: the number of the effect that it has */
  readonly effectOf: Int32Array;
  /** those of events of an actor's own, and behind them those of mailboxes */
  private readonly groups: readonly Group[];
  private readonly own: number;
  private readonly rootOf: Int32Array;
  /** by mailbox: the word and the bits of it that say whether anything waits */
  private readonly pendingAt: Int32Array;
  private readonly pendingBits: Int32Array;
  /** the numbers of the groups that something can come of in the state that is looked at, and the roots of their trees */
  private readonly here: Int32Array;
  private readonly roots: Int32Array;
  private readonly leaves = new Int32Array(4);
  /** by leaf of a tree: how many choices there are, and each with its effect */
  private effectLists = new Int32Array(1 << 14);
  private end = 0;
  private commuting: IndependenceRelation;
  private readonly neverShown: StepCoverFilter;
  private renamed: SymmetryGroup | undefined;

  /** @param take takes a choice whose effect is known */
  constructor(
    private readonly state: Int32Array,
    readonly twin: InstrumentedProgram,
    enabled: EnabledEvents,
    private readonly trees: DecisionTrees,
    readonly effects: EffectCache,
    readonly predicates: PropertyCache,
    private readonly takeEffect: (effect: number) => StepOutcome,
  ) {
    const { numbers } = effects;
    const { events } = twin.program;
    // one more, as `add` writes one where there is none
    this.choices = new Int32Array(numbers.count + 1);
    this.effectOf = new Int32Array(numbers.count + 1);
    this.commuting = new IndependenceRelation(effects);
    this.neverShown = new StepCoverFilter(twin);
    const choicesOf = (ids: Iterable<number>): number[] =>
      [...ids].flatMap((id) =>
        Array.from({ length: events[id]?.domain ?? 0 }, (_, payload) => numbers.firstOf(id) + payload),
      );
    const own = enabled.initiators.map(({ location, own }): Group => {
      const byLocation = own.map(choicesOf);
      return {
        slots: [location],
        choicesIn: (here) => byLocation[readField(location, here)],
      };
    });
    const posted = enabled.mailboxes.map(({ pending, location, accepts, deliveries }): Group => {
      const byBit = deliveries.map((id) => choicesOf([id]));
      return {
        slots: [pending, location],
        choicesIn: (here) =>
          accepts[readField(location, here)]
            ? byBit.flatMap((choices, bit) => ((readField(pending, here) >>> bit) & 1 ? choices : []))
            : [],
      };
    });
    this.pendingAt = Int32Array.from(enabled.mailboxes, ({ pending }) => pending.at);
    this.pendingBits = Int32Array.from(enabled.mailboxes, ({ pending }) => bitsOf(pending));
    this.own = own.length;
    this.groups = [...own, ...posted];
    this.rootOf = new Int32Array(this.groups.length);
    this.here = Int32Array.from(this.groups.keys());
    this.roots = new Int32Array(this.groups.length + 3);
    this.plant();
  }

  /** Looks at the current state; how much can be taken in it. */
  enumerate(): number {
    const { trees, own, rootOf, pendingAt, pendingBits, here, roots, leaves, state } = this;
    let groups = own;
    for (let box = 0; box < pendingAt.length; box++) {
      if ((state[pendingAt[box]] & pendingBits[box]) === 0) continue;
      here[groups] = own + box;
      roots[groups++] = rootOf[own + box];
    }
    let n = 0;
    for (let first = 0; first < groups; first += 4) {
      trees.findFour(roots, first, state, 0, leaves);
      const count = Math.min(4, groups - first);
      for (let g = 0; g < count; g++) {
        const leaf = leaves[g];
        n = this.add(leaf >= 0 ? leaf : this.learn(here[first + g]), n);
      }
    }
    return n;
  }

  /** Takes the nth; the state that was looked at has to be current. */
  take(n: number): StepOutcome {
    return this.takeEffect(this.effectOf[n]);
  }

  /** From now on states are taken for one another. */
  renameBy(renamed: SymmetryGroup): void {
    this.renamed = renamed;
    this.effects.renamed = renamed;
    this.predicates.renameBy(renamed);
    this.forget();
  }

  /** Index in `properties` of the first invariant that the current state breaks, which an effect led to from a state that breaks none, or -1. */
  violatedAfter(number: number): number {
    return this.predicates.violatedAfter(this.effects.all[number]);
  }

  /**
   * Whether it is known without asking that a state breaks no invariant and shows none of some covers, which an effect led to from one of which that holds.
   * @param at where it begins in `states`
   */
  isQuiet(number: number, open: readonly number[], states: Int32Array, at: number): boolean {
    return this.predicates.isKnownSafe(number, this.effects.all[number], open, states, at);
  }

  /** Whether the nth and the mth can be taken one after the other in both orders, and lead to the same state; where it cannot tell, it says no. */
  commute(n: number, m: number, state: () => Int32Array): boolean {
    const { choices, effectOf } = this;
    return this.commuting.areIndependent(choices[n], effectOf[n], choices[m], effectOf[m], state);
  }

  /** Whether the nth may show one of some covers that look at steps. */
  mayShow(n: number, covers: readonly number[]): boolean {
    const effect = this.effects.all[this.effectOf[n]];
    return !this.neverShown.excludesAll(effect, covers, this.renamed);
  }

  /** Adds what a leaf says; how much there is then. */
  private add(leaf: number, first: number): number {
    const { choices, effectOf, effectLists } = this;
    const count = effectLists[leaf];
    choices[first] = effectLists[leaf + 1];
    effectOf[first] = effectLists[leaf + 2];
    for (let n = 1; n < count; n++) {
      choices[first + n] = effectLists[leaf + 2 * n + 1];
      effectOf[first + n] = effectLists[leaf + 2 * n + 2];
    }
    return first + count;
  }

  private learn(group: number): number {
    const { effects, trees, state } = this;
    const { slots, choicesIn } = this.groups[group];
    const read = new Map<number, BitField>();
    const note = (slot: BitField): void => {
      if (slot.width > 0 && !read.has(keyOf(slot))) read.set(keyOf(slot), slot);
    };
    slots.forEach(note);
    const list: number[] = [];
    for (const choice of choicesIn(state)) {
      const known = effects.find(choice, state);
      const number = known >= 0 ? known : effects.learn(choice, state);
      const effect = effects.all[number];
      effect.fields.forEach(note);
      if (effect.outcome !== StepOutcome.refused) list.push(choice, number);
    }
    const at = this.end;
    this.end += 1 + list.length;
    if (this.end > this.effectLists.length) {
      this.effectLists = copyInto(this.effectLists, new Int32Array(2 * this.end));
    }
    this.effectLists[at] = list.length / 2;
    this.effectLists.set(list, at + 1);
    trees.insert(this.rootOf[group], [...read.values()], state, at);
    return at;
  }

  /** Forgets everything where that is much, and says so: what is needed is learned anew, with other numbers of effects. */
  evictIfFull(): boolean {
    const isMuch = this.trees.words > maxTreeWords;
    if (isMuch) this.forget();
    return isMuch;
  }

  private forget(): void {
    const { trees, effects } = this;
    trees.clear();
    effects.clear();
    this.predicates.forgetEffects();
    this.plant();
    this.end = 0;
    this.commuting = new IndependenceRelation(effects);
  }

  /** A tree that knows nothing for each group. */
  private plant(): void {
    for (const n of this.groups.keys()) this.rootOf[n] = this.trees.newTree();
    this.roots.fill(0);
    this.roots.set(this.rootOf.subarray(0, this.own));
  }
}

const keyOf = ({ at, shift }: BitField): number => 32 * at + shift;
